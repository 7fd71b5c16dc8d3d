"""Save the diagrams of all models, without training any."""

from _common import Parser, list_files, make_folder, quiet_start, run


def parse_arguments():
    parser = Parser(__doc__)
    formats = ("png", "svg")
    parser.add_argument("--format", choices=formats, default="png", help="of the pictures")
    parser.add_argument("--output", default="outputs/models", help="folder for the files")
    return parser.parse_args()


def main():
    args = parse_arguments()
    output = make_folder(args.output)
    with quiet_start():
        import gan1d
        import gan1d.gan

    discriminator = gan1d.define_discriminator()
    generator = gan1d.define_generator()
    gan = gan1d.define_gan(generator, discriminator)
    files = []
    for model in (discriminator, generator, gan):
        files.append(output / f"{model.name}.{args.format}")
        gan1d.save_diagram(model, files[-1])
    list_files(files)


if __name__ == "__main__":
    run(main)
