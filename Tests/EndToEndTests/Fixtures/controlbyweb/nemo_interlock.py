"""NEMO (https://pypi.org/project/NEMO) unlocks and locks a tool by its WebRelay interlock: ADDRESS PORT PASSWORD CHANNEL.

One line of JSON: what the interlock's state was after each command, and what a ping says.
"""

import json
import sys

from django.conf import settings

settings.configure(
    INSTALLED_APPS=[
        "django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions", "django.contrib.messages",
        "django.contrib.admin", "mptt", "auditlog", "rest_framework", "django_filters", "NEMO",
    ],
    AUTH_USER_MODEL="NEMO.User",
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
    USE_TZ=True,
    SECRET_KEY="of this run alone",
    INTERLOCKS_ENABLED=True,
)

import django

django.setup()

from auditlog.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from NEMO.interlocks import interlocks
from NEMO.models import Interlock, InterlockCard, InterlockCardCategory, User

address, port, password, channel = sys.argv[1:]
# The tables of what is saved here; all of NEMO's would take a minute.
with connection.schema_editor() as editor:
    for model in [ContentType, User, LogEntry, InterlockCardCategory, InterlockCard, Interlock]:
        editor.create_model(model)
category = InterlockCardCategory.objects.create(name="WebRelayHttp", key="web_relay_http")
card = InterlockCard.objects.create(
    name="unit", server=address, port=int(port), category=category, username="nemo", password=password, enabled=True
)
interlock = Interlock.objects.create(card=card, channel=int(channel))
relay = interlocks["web_relay_http"]
states = []
for command in [relay.unlock, relay.lock, relay.unlock]:
    succeeded = command(interlock)
    names = {Interlock.State.UNLOCKED: "unlocked", Interlock.State.LOCKED: "locked"}
    states.append([succeeded, names.get(interlock.state, "unknown"), interlock.most_recent_reply])
print(json.dumps({"states": states, "ping": relay.ping(interlock)}))
