"""The CDK app: `python -m infra.app` writes the templates of one stage to cdk.out, or to `CDK_OUTDIR`."""

import json
import os
import sys
from pathlib import Path

from infra import node

node.prepend_to_path()  # jsii starts node while aws_cdk is being imported

from aws_cdk import App, Tags  # noqa: E402

from infra.config import ConfigurationError, StageConfig, stage_config  # noqa: E402
from infra.packaging.dependencies import PackagingError  # noqa: E402
from infra.stacks.data import DataStack  # noqa: E402
from infra.stacks.observability import ObservabilityStack  # noqa: E402
from infra.stacks.service import ServiceStack  # noqa: E402

_ROOT = Path(__file__).resolve().parents[1]


def new_app(output: Path) -> App:
    """An empty app. Feature flags are those of cdk.json, whoever calls."""
    flags = json.loads((_ROOT / "cdk.json").read_text())["context"]
    return App(outdir=str(output), analytics_reporting=False, context=flags)


def build(app: App, config: StageConfig) -> App:
    """The stacks of a stage, not yet synthesized."""
    data = DataStack(app, config=config)
    service = ServiceStack(app, config=config, data=data)
    ObservabilityStack(app, config=config, data=data, service=service)
    Tags.of(app).add("service", "task-orchestrator")
    Tags.of(app).add("stage", config.name)
    return app


def main() -> int:
    """Synthesize the stage that the context `stage` or the variable `STAGE` names."""
    app = new_app(Path(os.environ.get("CDK_OUTDIR", _ROOT / "cdk.out")))
    try:
        build(app, stage_config(stage=app.node.try_get_context("stage"))).synth()
    except (ConfigurationError, PackagingError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
