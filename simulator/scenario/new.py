"""A scenario to begin with: commented, valid as it stands, and short enough to be changed into one's own."""

from __future__ import annotations

import yaml

_TEMPLATE = "{receiver}/agreement_status_changed?project_id=<PROJECT_ID>&agreement_id=<AGREEMENT_ID>&status=<STATUS>"

_STARTER = """\
# A scenario of the Aurora webhook simulator.
#
# Run it:    aurora-sim run FILE.yaml                                (against the embedded receiver)
#            aurora-sim run FILE.yaml --target http://localhost:8000 (against yours)
# Check it:  aurora-sim scenarios validate FILE.yaml
# For completion and help in an editor, write the schema beside this file with
#            aurora-sim scenarios schema > scenario.schema.json
# yaml-language-server: $schema=scenario.schema.json

name: {name}
description: A receiver is down for an hour; everything arrives nevertheless.
seed: 1                                   # the same seed, the same run

clock:
  start: "2026-01-05T09:00:00Z"           # virtual time; it jumps from one due instant to the next
  speed: jump

receiver: robust                          # an embedded receiver, or the URL of yours
# switches: {{retry_delay_from: start}}     # where the provider's guide is silent, another reading

subscriptions:
  - name: crm                             # what this file calls it
    event: agreement_status_changed
    url_template: "{template}"
    header_auth_key: X-Aurora-Webhook-Token
    header_auth_value: "change-me"
    filters:
      - {{url_parameter: STATUS, value: [sent, viewed, signed]}}
  - name: designs                         # without a template: the event's suggested one, on the receiver
    event: design_created

timeline:                                 # at: 0s, +6h, 2d 3h after the start, or an instant
  - {{at: 0s, emit: {{event: agreement_status_changed, attributes: {{STATUS: sent}}}}}}
  - {{at: +1h, fault: {{refuse: {{for: 1h, subscription: crm}}}}}}
  - {{at: +1h 10m, emit: {{event: agreement_status_changed, attributes: {{STATUS: signed}}}}}}
  # - {{at: +2h, story: agreement_signed}}
  # - {{at: +3h, update: {{subscription: crm, header_auth_value: "rotated"}}}}
  # - {{at: +4h, resend: {{subscription: crm, from: +1h, to: +2h}}}}

traffic:                                  # again and again
  - {{event: design_created, rate: 2/h, for: 6h}}

expect:                                   # judged when all is settled
  - delivered: {{all: true}}
  - attempts: {{subscription: crm, delivery: 1, at: [0s]}}
  - attempts: {{subscription: crm, delivery: 2, at: [0s, 30s, 5m 30s, 35m 30s, 3h 35m 30s]}}
  - disabled: {{subscription: crm, never: true}}
  - duplicates: {{without_cause: 0}}
"""


def new_scenario(name: str) -> str:
    """The text of a scenario file with this name (1 to 100 characters) in it."""
    quoted = yaml.safe_dump(name, default_style='"', allow_unicode=True, width=len(_STARTER)).rstrip("\n")
    return _STARTER.format(name=quoted, template=_TEMPLATE)
