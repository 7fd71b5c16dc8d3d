"""Make the pictures of the README and of docs, and print the tables.

The README's pictures are what its own code draws. Those of the sweep and the benchmark, which take
long, are drawn from `docs/measured`, what `sweep_seeds.py` and `benchmark.py` wrote.
"""

import json
import math
import os
import pathlib
import re
import shutil
import statistics
import subprocess
import sys
import tempfile

from benchmark import plot_side_by_side, ratio_text

from gan1d.commands.common import Parser, list_files, make_folder, quiet_start, run

ROOT = pathlib.Path(__file__).resolve().parent.parent
MEASURED = ROOT / "docs" / "measured"
README = ROOT / "README.md"
SWEEPS = ("sweep", "thousand", "advised", "winding", "backends")


def parse_arguments():
    parser = Parser(__doc__)
    parser.add_argument("--output", default="docs/images", help="folder for the files")
    return parser.parse_args()


def main():
    output = make_folder(parse_arguments().output)
    files = [*pictures_of_readme(output), film_of_the_default_run(output), live_page(output)]
    with quiet_start():
        import keras  # noqa: F401  it takes seconds, and all that follows has it
    from gan1d import sweep
    from gan1d.pictures.plots import save_figure

    files.append(unmended_and_mended(output))
    measured, sweeps = read_measured()

    def samples(group, seed):
        kind = {"recipe": group["recipe"], "function": group["function"]}
        return sweep.samples_of_seed(seed, **kind)

    for name, ax in (
        ("sweep.png", sweep.plot_sweep(sweeps["sweep"])[0]),
        ("worst_and_best.png", sweep.plot_worst_and_best(sweeps["sweep"], samples)[0, 0]),
        ("benchmark.png", plot_side_by_side(measured).axes[0]),
    ):
        files.append(output / name)
        save_figure(ax, files[-1])
    tables = [sweep_table(summary) for summary in sweeps.values()]
    print(*tables, benchmark_table(measured), sep="\n\n")
    list_files(files)


def pictures_of_readme(output):
    """Run the README's code, and save what a block draws as the picture below; return the files.

    It runs as where a reader runs it, without what the scripts set up for Keras's backends.
    """
    program, files = ["from matplotlib import pyplot"], []
    for code, below in re.findall(
        r"^```python\n(.*?)^```(.*?)(?=^```|\Z)",
        README.read_text(encoding="utf-8"),
        re.MULTILINE | re.DOTALL,
    ):
        program.append(code)
        picture = re.search(r"]\(docs/images/(.*?\.png)\)", below)
        if picture:
            files.append(output / picture[1])
            program.append(f"pyplot.savefig({str(files[-1])!r}); pyplot.close()")
    command = [sys.executable, "-c", "\n".join(program)]
    subprocess.run(command, check=True, env=os.environ | {"PYTHONPATH": str(ROOT)})
    return files


def film_of_the_default_run(output):
    """Run `train_gan.py`, and keep its film; return the file."""
    script = ROOT / "scripts" / "train_gan.py"
    with tempfile.TemporaryDirectory(dir=output) as folder:
        command = [sys.executable, script, "--gif", "--output", folder]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        return pathlib.Path(folder, "training.gif").replace(output / "training.gif")


def live_page(output):
    """Train in the page of `live.py`, in Chromium, and save what it shows; return the file."""
    from selenium import webdriver

    from gan1d import Live

    file, options = output / "live.png", webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium")
    for argument in ("--headless=new", "--no-sandbox", "--hide-scrollbars"):
        options.add_argument(argument)
    service = webdriver.ChromeService(shutil.which("chromedriver"))
    with tempfile.TemporaryDirectory() as folder, webdriver.Chrome(options, service) as browser:
        page = pathlib.Path(folder, "live.html")
        Live().save(page)
        screen = {"width": 1000, "height": 960, "deviceScaleFactor": 1, "mobile": False}
        browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)
        browser.get(f"{page.as_uri()}#recipe=stable&dRate=0.004&gRate=0.002")
        browser.execute_script(
            "for (let i = 0; i < 4000; i++) live.train('makeUpdate'); live.look(); live.draw()"
        )
        browser.save_screenshot(str(file))
    return file


def unmended_and_mended(output):
    """Draw what the tutorial's code learns on Keras 3 as it was published, and what with the mend.

    The seed is one by which the generator of the first goes about as far as by most.
    """
    import numpy as np
    from matplotlib import pyplot

    import gan1d
    from gan1d.pictures.plots import save_figure

    file, seed = output / "fix_your_copy.png", 103
    figure, axes = pyplot.subplots(1, 2, figsize=(10, 4.4), layout="constrained")
    panels = {"as published": unmended_recipe(), "mended": "tutorial"}
    for ax, (title, recipe) in zip(axes, panels.items(), strict=True):
        generator = gan1d.define_generator(rng=seed)
        discriminator = gan1d.define_discriminator(rng=seed)
        gan = gan1d.define_gan(generator, discriminator, recipe=recipe)
        gan1d.train(generator, discriminator, gan, rng=seed, plot=False, verbose=0)
        real, _ = gan1d.generate_real_samples(100, rng=seed)
        fake, _ = gan1d.generate_fake_samples(generator, 5, 100, rng=seed)
        both = np.concatenate([real, fake])
        low, high = both.min(axis=0), both.max(axis=0)
        (left, bottom), (right, top) = low - 0.1 * (high - low), high + 0.1 * (high - low)
        gan1d.plot_field(discriminator, real, fake, extent=(left, right, bottom, top), ax=ax)
        ax.set_title(title, loc="left")
    bar = figure.colorbar(axes[0].collections[0], ax=axes, ticks=(0, 0.25, 0.5, 0.75, 1))
    bar.set_label("D(x, y), probability of real")
    save_figure(axes[0], file, dpi=80)
    return file


def unmended_recipe():
    """Return the recipe of the tutorial's loop on Keras 3, where the discriminator stays frozen."""
    from gan1d.recipes import Tutorial, keras_loss

    class Unmended(Tutorial):
        def d_step(self, discriminator, minimize, real, fake):
            labels = (real, self.real_label), (fake, self.fake_label)
            return [keras_loss(discriminator, *one) for one in labels]

    return Unmended()


def read_measured():
    """Return what `benchmark.py` found, and summaries of what `sweep_seeds.py` did, by name."""
    from gan1d.sweep import read_table, summarize_sweep

    measured = json.loads((MEASURED / "benchmark.json").read_text(encoding="utf-8"))
    tables = {name: read_table(MEASURED / f"{name}.csv") for name in SWEEPS}
    return measured, {name: summarize_sweep([*rows.values()]) for name, rows in tables.items()}


def sweep_table(summary):
    """Return a table of a sweep."""
    lines = [
        "| function | recipe | hidden units | updates | backend | learned | 95 % interval | "
        "miss a bin | curve error, % of the range of y: median | 90 % |",
        "| --- | --- | --- | ---: | --- | ---: | --- | ---: | ---: | ---: |",
    ]
    for group in summary:
        hidden = group["hidden"] or "the tutorial's"
        ranks = (math.ceil(q * group["seeds"]) - 1 for q in (0.5, 0.9))
        median, ninety = (100 * group["errors"][rank] for rank in ranks)
        lines.append(
            f"| {group['function']} | {group['recipe']} | {hidden} | {group['epochs']:,} | "
            f"{group['backend']} | {group['learned']} of {group['seeds']} | "
            f"{100 * group['low']:.1f} to {100 * group['high']:.1f} % | {group['collapsed']} | "
            f"{median:.1f} | {ninety:.1f} |"
        )
    return "\n".join(lines)


def benchmark_table(measured):
    """Return the README's table of the benchmark, and the line that says on what."""
    machine = dict(measured["machine"])
    on = f"On {machine.pop('cores')} cores, with "
    lines = [on + ", ".join(f"{name} {version}" for name, version in machine.items()) + ":", ""]
    steps = {"gan": "an update of the GAN", "logreg": "a step of logistic regression"}
    for part, step in steps.items():
        ours = statistics.median(next(iter(measured[part].values())))
        lines += [
            f"| {step} | ms | lowest to highest | times ours |",
            "| --- | ---: | --- | ---: |",
        ]
        for name, times in measured[part].items():
            median = statistics.median(times)
            three = min(times), median, max(times)
            low, middle, high = (f"{time:#.2g}".rstrip(".") for time in three)
            lines.append(f"| {name} | {middle} | {low} to {high} | {ratio_text(median / ours)} |")
        lines.append("")
    return "\n".join(lines).rstrip()


if __name__ == "__main__":
    run(main)
