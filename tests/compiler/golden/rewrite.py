"""Rewrite the golden machines: `python -m tests.compiler.golden.rewrite`. Read the differences before committing."""

from tests.compiler.golden.examples import EXAMPLES, MACHINE, compiled, names

if __name__ == "__main__":
    for name in names():
        (EXAMPLES / name / MACHINE).write_text(compiled(name))
        print(f"state_machines/examples/{name}/{MACHINE}")
