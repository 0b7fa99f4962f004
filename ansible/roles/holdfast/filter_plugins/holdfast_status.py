# -*- coding: utf-8 -*-
"""What playbooks ask of `holdfast status --json`, in sentences that they can print."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import json


def status(answer):
    """The document in a command's result; none where no agent answered."""
    try:
        document = json.loads(answer.get("stdout") or "")
    except ValueError:
        return None
    is_status = isinstance(document, dict) and document.get("schema") == "holdfast/status/v1"
    return document if is_status else None


def obstacles(answer, programs=None, but=""):
    """
    Why nothing should be done to a node now; empty while all are healthy, settled, on one generation and in sync.
    Servers that are down are no reason: what is done to nodes neither needs them nor touches them.

    programs: the version that each node's agent must be, by the node's name
    but: a node that may be ill, since what is going to be done to it may be its cure
    """
    seen = status(answer)
    if seen is None:
        return ["no agent answers: %s" % first_line(answer)]
    nodes = [node for node in seen["nodes"] if node["name"] != but]
    found = [why for node in nodes for why in of_node(node, (programs or {}).get(node["name"]))]
    found += ["%s has %s" % (each["address"], owners(each["owners"])) for each in seen["virtual_ips"] if len(each["owners"]) != 1]
    generations = {json.dumps(node.get("generation"), sort_keys=True) for node in nodes if node["role"] != "down"}
    if len(generations) > 1:
        found.append("the nodes are on different generations")
    if seen.get("trial") is not None:
        found.append("a change is on trial: 'holdfast confirm' or 'holdfast rollback' ends that")
    if not seen["redundant"]:
        found.append("nobody could take over")
    return found


def first_line(answer):
    lines = (answer.get("stderr") or answer.get("msg") or "").strip().splitlines()
    return lines[-1] if lines else "it said nothing"


def owners(names):
    return "no owner" if not names else "%d owners (%s)" % (len(names), ", ".join(names))


def of_node(node, program):
    name = node["name"]
    if node["role"] == "down":
        return ["%s does not answer" % name]
    report = node.get("report") or {}
    found = []
    if node["role"] not in ("active", "standby"):
        found.append("%s is in %s" % (name, node["role"]))
    for reason in (report.get("unsettled"), (report.get("sync") or {}).get("why")):
        if reason:
            found.append("%s: %s" % (name, reason))
    if (report.get("sync") or {}).get("state") in ("pending", "lost"):
        found.append("%s is not in sync yet" % name)
    if report.get("transaction") is not None:
        found.append("%s is in the middle of a change" % name)
    if not node.get("healthy") and not found:
        faults = (node.get("agent") or {}).get("faults") or node.get("drifts") or []
        found.append("%s is not healthy: %s" % (name, ", ".join(faults) or "its agent does not say why"))
    if program is not None and report.get("program") != program:
        found.append("the agent of %s is %s and not %s" % (name, report.get("program"), program))
    return found


def active(answer):
    """The node that holds the virtual IPs; empty while nobody does."""
    seen = status(answer)
    return next((node["name"] for node in seen["nodes"] if node["role"] == "active"), "") if seen else ""


def standbys_first(answer):
    """The nodes' names: those that are ill, then the standbys, and last whoever is active."""
    seen = status(answer)
    rank = {"standby": 1, "active": 2}
    return [node["name"] for node in sorted(seen["nodes"], key=lambda node: rank.get(node["role"], 0))] if seen else []


def answering(answer):
    """The nodes whose agents answer."""
    seen = status(answer)
    return [node["name"] for node in seen["nodes"] if node.get("report")] if seen else []


def takeovers(answer):
    """When each node that answers last took over: unchanged while the virtual IPs stay where they are."""
    seen = status(answer)
    reports = {node["name"]: node.get("report") for node in seen["nodes"]} if seen else {}
    return {name: (report.get("lastTakeover") or {}).get("at") for name, report in reports.items() if report}


def moved(answer, takeovers_before):
    """Whether any node took over since. Of a node that did not answer then, or does not now, the others would know."""
    since = takeovers(answer)
    return any(name in since and since[name] != at for name, at in takeovers_before.items())


def last_takeover(answer):
    """The latest time that any node took over: who, when, why, and after how long somebody was answered."""
    seen = status(answer)
    found = [
        dict(report["lastTakeover"], node=node["name"])
        for node in (seen["nodes"] if seen else [])
        for report in [node.get("report") or {}]
        if report.get("lastTakeover")
    ]
    return max(found, key=lambda each: each["at"]) if found else {"node": None, "at": None, "cause": None, "gap": None}


def outcome(answer, drill, active_before, takeovers_before, why):
    """What a drill came to: who was active, who is, and the takeover between, as the node that took over tells it."""
    return {
        "drill": drill,
        "verdict": "FAIL" if why else "pass",
        "why": why or None,
        "active_before": active_before,
        "active_after": active(answer) or None,
        "takeover": last_takeover(answer) if moved(answer, takeovers_before) else None,
    }


def row(outcome):
    """A drill's outcome as one line of a table."""
    takeover = outcome["takeover"] or {}
    gap = takeover.get("gap")
    seen = "%s stayed active" % outcome["active_before"]
    if takeover:
        seen = "%s -> %s%s" % (outcome["active_before"], takeover["node"], "" if gap is None else ", first answer after %d ms" % round(gap))
    return "%-16s  %-4s  %s%s" % (outcome["drill"], outcome["verdict"], seen, ": %s" % outcome["why"] if outcome["why"] else "")


class FilterModule(object):
    def filters(self):
        return {
            "holdfast_status": status,
            "holdfast_obstacles": obstacles,
            "holdfast_active": active,
            "holdfast_standbys_first": standbys_first,
            "holdfast_last_takeover": last_takeover,
            "holdfast_answering": answering,
            "holdfast_moved": moved,
            "holdfast_outcome": outcome,
            "holdfast_row": row,
            "holdfast_takeovers": takeovers,
        }
