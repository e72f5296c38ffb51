"""`make bench`: every module of this folder that has a `main`, one after the other, each under its first line."""

from importlib import import_module
from pkgutil import iter_modules

import benchmarks


def main() -> None:
    names = sorted(module.name for module in iter_modules(benchmarks.__path__) if not module.name.startswith("_"))
    for name in names:
        module = import_module(f"benchmarks.{name}")
        if hasattr(module, "main"):
            print(f"\n{name}: {(module.__doc__ or '').splitlines()[0]}\n", flush=True)
            module.main()


if __name__ == "__main__":
    main()
