"""Findings of cdk-nag that are accepted, each at its resource and with its reason.

Written as resource metadata in cdk-nag's own format, so that synthesis does not have to load cdk-nag.
"""

from collections.abc import Sequence
from typing import Any, TypedDict

from aws_cdk import CfnResource, Stack
from constructs import IConstruct

_KEY = "cdk_nag"


class _Metadata(TypedDict):
    rules_to_suppress: list[dict[str, object]]


def acknowledge(scope: IConstruct, rule: str, reason: str, *, applies_to: Sequence[str] = ()) -> None:
    """Accept a finding on a construct and the resources it consists of.

    Args:
        scope: construct whose CloudFormation resources raise the finding.
        rule: cdk-nag's rule, e.g. `AwsSolutions-IAM5`.
        reason: why it is right as it is; ends up in the template.
        applies_to: for IAM rules, the exact findings (`Resource::*`); anything else stays a finding.
    """
    accepted: dict[str, object] = {"id": rule, "reason": reason}
    if applies_to:
        accepted["applies_to"] = list(applies_to)
    for construct in scope.node.find_all():
        if CfnResource.is_cfn_resource(construct) and isinstance(construct, CfnResource):
            metadata: _Metadata = construct.get_metadata(_KEY) or {"rules_to_suppress": []}
            stated = metadata["rules_to_suppress"]
            if accepted not in stated:
                construct.add_metadata(_KEY, {"rules_to_suppress": [*stated, accepted]})


def finding(scope: IConstruct, arn: str) -> str:
    """How cdk-nag spells a finding on a resource: references as `<LogicalId.Attribute>`, joined."""
    return f"Resource::{_flatten(Stack.of(scope).resolve(arn))}"


def _flatten(value: Any) -> str:
    match value:
        case {"Fn::Join": [separator, parts]}:
            return str(separator).join(_flatten(part) for part in parts)
        case {"Fn::GetAtt": [resource, attribute]}:
            return f"<{resource}.{attribute}>"
        case {"Ref": name}:
            return f"<{name}>"
        case {"Fn::ImportValue": name}:
            return _flatten(name)
        case _:
            return str(value)
