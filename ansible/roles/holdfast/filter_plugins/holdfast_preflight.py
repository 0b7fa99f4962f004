# -*- coding: utf-8 -*-
"""What playbooks ask of `holdfast preflight --json`, in sentences that they can print."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import json


def findings(answer, status):
    """The findings of a status, each with its cure; none where no agent answered."""
    try:
        document = json.loads(answer.get("stdout") or "")
    except ValueError:
        return []
    if not isinstance(document, dict) or document.get("schema") != "holdfast/preflight/v1":
        return []
    return [sentence(each) for each in document["findings"] if each["status"] == status]


def sentence(finding):
    words = "%(node)s  %(check)s  %(place)s: %(text)s" % finding
    return words if finding["cure"] is None else "%s. Cure: %s" % (words, finding["cure"])


class FilterModule(object):
    def filters(self):
        return {"holdfast_findings": findings}
