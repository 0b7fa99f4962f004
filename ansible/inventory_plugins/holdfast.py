# -*- coding: utf-8 -*-
"""A holdfast topology as Ansible's inventory."""

from __future__ import absolute_import, annotations, division, print_function

__metaclass__ = type

DOCUMENTATION = r"""
name: holdfast
short_description: The nodes of a holdfast topology
description:
  - Hosts are the nodes of the topology, in its order, in the group C(nodes).
  - A host's C(ansible_host) is its address on the network of the agents, IPv4 where it has both.
  - C(ansible-playbook -i topology.yaml) needs this plugin enabled, as C(ansible.cfg) here does. A file with
    C(plugin) and C(topology) works everywhere.
  - How a topology's nodes are logged in to is not in it; that belongs into C(group_vars/nodes.yml).
options:
  plugin:
    description: Says that the file is for this plugin.
    required: true
    choices: [holdfast]
  topology:
    description: The topology file; a relative path starts at the directory of this file.
    type: str
    required: true
  network:
    description: The network on which Ansible reaches the nodes, instead of the agents' own.
    type: str
"""

EXAMPLES = r"""
plugin: holdfast
topology: ../topology.yaml
"""

import ipaddress
import os
import re
import sys

import yaml

from ansible.module_utils.common.text.converters import to_text
from ansible.plugins.inventory import BaseInventoryPlugin
from ansible.utils.unsafe_proxy import wrap_var

NAME = re.compile(r"[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?\Z")
DEVICE = re.compile(r"(?!(?:\.{1,2}|lo|all|default)\Z)[A-Za-z0-9_.-]{1,15}\Z")
# As `holdfast validate` limits it.
LARGEST = 4 * 1024 * 1024
DEEPEST = 20
# Ansible's exit code for what it cannot parse.
UNPARSABLE = 4
# What Ansible means something else by.
TAKEN = ("all", "localhost", "nodes", "ungrouped")


class NoTopology(Exception):
    """Why a file cannot be the inventory."""


def read(path):
    """The text of a file that may be anything."""
    try:
        with open(path, "rb") as file:
            raw = file.read(LARGEST + 1)
    except OSError as error:
        raise NoTopology("cannot be read: %s" % os.strerror(error.errno or 0))
    if len(raw) > LARGEST:
        raise NoTopology("is larger than 4 MiB")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        raise NoTopology("is not UTF-8 text")


def plain(text):
    """YAML as strings, lists and maps: no type is guessed, and nothing in it can refer to anything else."""
    try:
        # libyaml where it is there: the other one takes a minute for the largest file.
        return compose(yaml.parse(text, Loader=getattr(yaml, "CBaseLoader", yaml.BaseLoader)))
    except yaml.MarkedYAMLError as error:
        raise NoTopology(placed(error.problem_mark, error.problem or "is not YAML"))
    except yaml.YAMLError:
        raise NoTopology("is not YAML: it has characters that YAML does not allow")


def placed(mark, message):
    """Line and column, as editors count them. What is said may be quoted from the file."""
    words = "".join(letter if letter.isprintable() else "?" for letter in message)
    return words if mark is None else "line %d, column %d: %s" % (mark.line + 1, mark.column + 1, words)


def compose(events):
    """Builds the value from the parser's events without recursion."""
    root = []
    open_nodes = [(root, None)]
    documents = 0
    for event in events:
        refuse_reference(event)
        if isinstance(event, yaml.DocumentStartEvent):
            documents += 1
            if documents > 1:
                raise NoTopology(placed(event.start_mark, "one file holds one topology; remove the second document"))
        elif isinstance(event, yaml.ScalarEvent):
            put(open_nodes, event.value, event)
        elif isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
            if len(open_nodes) > DEEPEST:
                raise NoTopology(placed(event.start_mark, "nested too deeply"))
            node = {} if isinstance(event, yaml.MappingStartEvent) else []
            put(open_nodes, node, event)
            open_nodes.append((node, []))
        elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            open_nodes.pop()
    return root[0] if root else None


def refuse_reference(event):
    if isinstance(event, yaml.AliasEvent):
        raise NoTopology(placed(event.start_mark, "aliases are not supported; write the value out"))
    if getattr(event, "tag", None) is not None:
        raise NoTopology(placed(event.start_mark, "tags are not supported"))


def put(open_nodes, value, event):
    """Adds a value to the innermost open list or map; of a map, keys and values come in turns."""
    node, waiting_key = open_nodes[-1]
    if isinstance(node, list):
        node.append(value)
    elif waiting_key:
        node[waiting_key.pop()] = value
    elif not isinstance(value, str):
        raise NoTopology(placed(event.start_mark, "a key is a plain word"))
    elif value in node:
        raise NoTopology(placed(event.start_mark, "a key stands twice in one map"))
    else:
        waiting_key.append(value)


class Topology:
    """What an inventory needs to know. `holdfast validate` is the judge of the rest."""

    def __init__(self, written):
        if isinstance(written, dict) and "vpn" in written and "nodes" not in written:
            raise NoTopology("has VPN servers alone, which these playbooks do not bring; docs/vpn.md says how")
        if not isinstance(written, dict) or "cluster" not in written or "nodes" not in written:
            raise NoTopology("is no topology: a topology has cluster, networks and nodes; 'holdfast init' writes a first one")
        self.cluster = name(written["cluster"], "cluster")
        self.networks = list(mapping(written.get("networks"), "networks"))
        self.agent_network = agent_network(written, self.networks)
        self.nodes = [node(each, "nodes[%d]" % index) for index, each in enumerate(sequence(written["nodes"], "nodes"))]
        names = [each["name"] for each in self.nodes]
        if len(names) < 2:
            raise NoTopology("nodes: a cluster has two nodes or more")
        for each in names:
            if each in TAKEN:
                raise NoTopology("nodes: %s has a meaning of its own in Ansible; name the node otherwise" % each)
            if names.count(each) > 1:
                raise NoTopology("nodes: two are named %s" % each)


def agent_network(written, networks):
    """The network of the agents, as holdfast chooses it: agent.network, the first of sync.networks, management, the last."""
    sync = mapping(written.get("sync", {}), "sync").get("networks")
    first = sequence(sync, "sync.networks")[0] if sync else None
    chosen = mapping(written.get("agent", {}), "agent").get("network") or first
    if chosen is None and networks:
        chosen = "management" if "management" in networks else networks[-1]
    return name(chosen, "agent.network")


def node(written, where):
    interfaces = mapping(mapping(written, where).get("interfaces"), where + ".interfaces")
    return {
        "name": name(written.get("name"), where + ".name"),
        "interfaces": {
            name(network, where + ".interfaces"): interface(each, "%s.interfaces.%s" % (where, network))
            for network, each in interfaces.items()
        },
    }


def interface(written, where):
    device = mapping(written, where).get("device")
    if not isinstance(device, str) or not DEVICE.match(device):
        raise NoTopology("%s.device: is no network device" % where)
    addresses = written.get("address")
    addresses = addresses if isinstance(addresses, list) else [addresses]
    if not addresses:
        raise NoTopology("%s.address: is missing" % where)
    return {"device": device, "address": sorted((address(each, where) for each in addresses), key=lambda text: ":" in text)}


def address(written, where):
    """In canonical form."""
    try:
        parsed = ipaddress.ip_address(written if isinstance(written, str) else "")
    except ValueError:
        raise NoTopology("%s.address: is no IP address" % where)
    if getattr(parsed, "scope_id", None):
        raise NoTopology("%s.address: has a zone" % where)
    # Older Pythons read 010.0.0.1 as 10.0.0.1.
    if parsed.version == 4 and str(parsed) != written:
        raise NoTopology("%s.address: is no IPv4 address as it is usually written" % where)
    return str(parsed)


def name(written, where):
    if not isinstance(written, str) or not NAME.match(written):
        raise NoTopology("%s: is no name: lower case, digits and - within, at most 32" % where)
    return written


def mapping(written, where):
    if not isinstance(written, dict):
        raise NoTopology("%s: is missing, or no map" % where)
    return written


def sequence(written, where):
    if not isinstance(written, list) or not written:
        raise NoTopology("%s: is no list" % where)
    return written


class InventoryModule(BaseInventoryPlugin):
    NAME = "holdfast"

    def verify_file(self, path):
        """Claims a file for this plugin, and whatever has a topology's keys at its margin, broken or not."""
        if not super().verify_file(path) or not path.endswith((".yaml", ".yml")):
            return False
        try:
            text = read(path)
        except NoTopology:
            return False
        return re.search(r"^(cluster|virtual_ips)[ \t]*:", text, re.MULTILINE) is not None or is_configuration(text)

    def parse(self, inventory, loader, path, cache=True):
        super().parse(inventory, loader, path, cache)
        topology, network = path, None
        if is_configuration(read(path)):
            self._read_config_data(path)
            # As a path of the file that names it, whatever the current directory is.
            topology = os.path.join(os.path.dirname(os.path.abspath(path)), os.path.expanduser(self.get_option("topology")))
            network = self.get_option("network")
        try:
            self._fill(Topology(plain(read(topology))), os.path.abspath(topology), network)
        except NoTopology as error:
            self._refuse("%s: %s" % (to_text(topology), error))

    def _fill(self, topology, path, network):
        reached = topology.agent_network if network is None else network
        hosts = [(each, reached_at(each, reached)) for each in topology.nodes]
        self.inventory.add_group("nodes")
        self.inventory.set_variable("all", "holdfast_topology", wrap_var(path))
        self.inventory.set_variable("all", "holdfast_cluster", topology.cluster)
        for each, where in hosts:
            self.inventory.add_host(each["name"], group="nodes")
            self.inventory.set_variable(each["name"], "ansible_host", where)
            self.inventory.set_variable(each["name"], "holdfast_node", each)

    def _refuse(self, reason):
        """
        Ends the run. After an ordinary error Ansible asks its next plugin, and its own `yaml` would read a topology as
        groups without hosts, with which every playbook succeeds.
        """
        self.display.error(reason, wrap_text=False)
        sys.exit(UNPARSABLE)


def is_configuration(text):
    return re.search(r"^plugin[ \t]*:", text, re.MULTILINE) is not None


def reached_at(each, network):
    if network not in each["interfaces"]:
        raise NoTopology("%s has no interface on the network %s, where Ansible would reach it" % (each["name"], network))
    return each["interfaces"][network]["address"][0]
