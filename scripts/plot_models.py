"""Save the diagrams of all models, without training any."""

import functools

from gan1d.commands.common import Parser, list_files, quiet_start, run
from gan1d.record import one_run


def parse_arguments():
    parser = Parser(__doc__)
    formats = ("png", "svg")
    parser.add_argument("--format", choices=formats, default="png", help="of the pictures")
    parser.add_argument("--output", default="outputs/models", help="folder for the files")
    overwrite = "write them where others are, and remove these"
    parser.add_argument("--overwrite", action="store_true", help=overwrite)
    return parser.parse_args()


def main():
    args = parse_arguments()
    files = [f"{name}.{args.format}" for name in ("discriminator", "generator", "gan")]
    arguments = {"--format": args.format}
    with one_run(args.output, arguments, files, overwrite=args.overwrite) as its_run:
        with quiet_start():
            import gan1d
            import gan1d.gan

        discriminator = gan1d.define_discriminator()
        generator = gan1d.define_generator()
        gan = gan1d.define_gan(generator, discriminator)
        for name, model in zip(files, (discriminator, generator, gan), strict=True):
            its_run.save(name, functools.partial(gan1d.save_diagram, model))
        list_files(its_run.written)


if __name__ == "__main__":
    run(main)
