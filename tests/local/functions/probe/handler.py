"""A function that does what a test asks of it."""

import json
import os
import sys
import time

import boto3

TABLE = os.environ["TABLE_NAME"]


class TooHighError(Exception):
    pass


def handler(event, context):
    if "httpMethod" in event:
        return api(event)
    action = event.get("do", "echo")
    return globals()[action](event, context)


def api(event):
    if event["path"] == "/crash":
        raise TooHighError("secret detail")
    if event["path"] == "/odd":
        return {"no": "response"}
    body = {"path": event["path"], "query": event["queryStringParameters"], "pid": os.getpid()}
    return {"statusCode": 200, "headers": {"Content-Type": "application/json"}, "body": json.dumps(body)}


def echo(event, context):
    return event


def fail(event, context):
    raise TooHighError(event["message"])


def environment(event, context):
    return dict(os.environ)


def modules(event, context):
    found = {}
    for name in event["names"]:
        try:
            __import__(name)
            found[name] = True
        except ImportError:
            found[name] = False
    return found


def pid(event, context):
    return os.getpid()


def sleep(event, context):
    time.sleep(event["seconds"])
    return os.getpid()


def leave(event, context):
    sys.exit(3)


def chatter(event, context):
    print("printed by a function")
    os.write(1, b"written to descriptor one\n")
    return "quiet"


def unprintable(event, context):
    return object()


def keep_token(event, context):
    boto3.client("dynamodb").put_item(
        TableName=TABLE, Item={"pk": {"S": "token"}, "sk": {"S": event["name"]}, "token": {"S": event["token"]}}
    )


def answer_early(event, context):
    boto3.client("stepfunctions").send_task_success(taskToken=event["token"], output='"early"')
    time.sleep(0.2)
