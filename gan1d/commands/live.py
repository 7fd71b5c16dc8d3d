"""Write a page in which a GAN, or a neuron, trains while you turn every knob, and open it."""

import pathlib
import webbrowser

from gan1d.commands.common import Parser, list_files, make_folder, quiet_start


def parse_arguments():
    parser = Parser(__doc__)
    parser.add_argument("--output", default="outputs", help="folder for the page")
    parser.add_argument("--no-browser", action="store_true", help="write it, and do not open it")
    logreg = "logistic regression: one neuron, and points that you set"
    parser.add_argument("--logreg", action="store_true", help=logreg)
    return parser.parse_args()


def main():
    args = parse_arguments()
    name = "neuron.html" if args.logreg else "live.html"
    file = make_folder(args.output, [name]) / name
    with quiet_start(message=None):
        import gan1d
        import logreg

        page = (logreg if args.logreg else gan1d).Live()
    page.save(file)
    list_files([file])
    if not args.no_browser and not webbrowser.open(pathlib.Path(file).resolve().as_uri()):
        print("There is no browser here to open it.")
