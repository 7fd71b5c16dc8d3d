"""Write a page in which the GAN trains while you look on and turn every knob, and open it."""

import pathlib
import webbrowser

from _common import Parser, list_files, make_folder, quiet_start, run

PAGE = "live.html"


def main():
    parser = Parser(__doc__)
    parser.add_argument("--output", default="outputs", help="folder for the page")
    parser.add_argument("--no-browser", action="store_true", help="write it, and do not open it")
    args = parser.parse_args()
    file = make_folder(args.output, [PAGE]) / PAGE
    with quiet_start(message=None):
        from gan1d import Live

    Live().save(file)
    list_files([file])
    if not args.no_browser and not webbrowser.open(pathlib.Path(file).resolve().as_uri()):
        print("There is no browser here to open it.")


if __name__ == "__main__":
    run(main)
