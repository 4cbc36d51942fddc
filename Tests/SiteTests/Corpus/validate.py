"""Checks site files against a JSON Schema: validate.py SCHEMA FILE...

One line of JSON per file: its name, and the errors under YAML 1.2's and under YAML 1.1's idea of plain scalars.
"""

import json
import re
import sys

import yaml
from jsonschema import Draft202012Validator


class Core(yaml.SafeLoader):
    """Plain scalars by the core schema of YAML 1.2: `on`, `no` and `2026-03-01` are texts."""


Core.yaml_implicit_resolvers = {}
Core.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|True|TRUE|false|False|FALSE)$"), list("tTfF"))
Core.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"^(?:[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+)$"), list("-+0123456789"))
Core.add_implicit_resolver(
    "tag:yaml.org,2002:float",
    re.compile(r"^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$"),
    list("-+.0123456789"),
)
Core.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"^(?:~|null|Null|NULL|)$"), ["~", "n", "N", ""])


def errors(validator, text, loader):
    try:
        value = yaml.load(text, loader)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        return ["not YAML: " + str(error).split("\n")[0]]
    return [f"{error.json_path}: {error.message}"[:300] for error in validator.iter_errors(value)]


with open(sys.argv[1], encoding="utf-8") as file:
    schema = json.load(file)
Draft202012Validator.check_schema(schema)
validator = Draft202012Validator(schema)
for name in sys.argv[2:]:
    with open(name, "rb") as file:
        text = file.read()
    print(json.dumps({"file": name, "core": errors(validator, text, Core), "v11": errors(validator, text, yaml.SafeLoader)}))
