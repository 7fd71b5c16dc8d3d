"""Put saved runs side by side in one page, to be moved by one slider."""

import pathlib

from gan1d.commands.common import Parser, list_files, quiet_start, run


def parse_arguments():
    parser = Parser(__doc__)
    page = "a training.html that train_gan.py wrote"
    parser.add_argument("pages", nargs="+", metavar="PAGE", help=page)
    parser.add_argument("--output", default="outputs/runs.html", help="the page to write")
    overwrite = "write it where another is"
    parser.add_argument("--overwrite", action="store_true", help=overwrite)
    return parser.parse_args()


def main():
    args = parse_arguments()
    if pathlib.Path(args.output).exists() and not args.overwrite:
        raise FileExistsError(f"{args.output} is there: choose another --output, or --overwrite it")
    with quiet_start():
        import gan1d

    films = {}
    for page in args.pages:
        for name, film in gan1d.load_page(page).items():
            films[f"{page}: {name}"] = film
    gan1d.save_page(films, args.output)
    list_files([args.output])


if __name__ == "__main__":
    run(main)
