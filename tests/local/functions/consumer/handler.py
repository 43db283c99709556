"""Writes what it was woken by into the table; fails for what a test has marked as poison."""

import json
import os
import time

import boto3

TABLE = os.environ["TABLE_NAME"]
dynamodb = boto3.client("dynamodb")


def handler(event, context):
    if "Records" not in event:
        note("event", event["id"], event)
        return None
    failures = []
    for record in event["Records"]:
        if record["eventSource"] == "aws:sqs":
            note("message", record["messageId"], json.loads(record["body"]))
        elif not consume(record):
            failures.append({"itemIdentifier": record["dynamodb"]["SequenceNumber"]})
            break
    return {"batchItemFailures": failures}


def consume(record):
    image = record["dynamodb"]["NewImage"]
    if "slow" in image:
        time.sleep(float(image["slow"]["N"]))
    if "until" in image and time.time() < float(image["until"]["N"]):
        return False
    if "poison" in image:
        return False
    note("seen", image["sk"]["S"], {"sequence": record["dynamodb"]["SequenceNumber"]})
    return True


def note(kind, key, value):
    dynamodb.update_item(
        TableName=TABLE,
        Key={"pk": {"S": kind}, "sk": {"S": key}},
        UpdateExpression="SET #v = :v ADD #n :one",
        ExpressionAttributeNames={"#v": "value", "#n": "times"},
        ExpressionAttributeValues={":v": {"S": json.dumps(value)}, ":one": {"N": "1"}},
    )
