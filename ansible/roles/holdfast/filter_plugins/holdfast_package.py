# -*- coding: utf-8 -*-
"""Which of several packages is meant where nobody named one."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import functools
import os
import re
import subprocess

from ansible.errors import AnsibleFilterError

# As `npm run package` names it.
NAME = re.compile(r"^holdfast_([0-9][^_]*)_([a-z0-9]+)\.deb$")


def newest_package(paths, architecture):
    """
    The newest package that suits a machine, as dpkg orders versions. Where none does, the newest of the others, so that
    whoever refuses it can name it; empty where there is none at all.
    """
    named = [(path, NAME.match(os.path.basename(path))) for path in paths]
    packages = [(path,) + match.groups() for path, match in named if match]
    fitting = [each for each in packages if each[2] in ("all", architecture)]
    order = functools.cmp_to_key(lambda one, other: compare(one[1], other[1]))
    return max(fitting or packages, key=order)[0] if packages else ""


def compare(one, other):
    """Negative, 0 or positive, as versions are older, the same or newer (dpkg --compare-versions)."""
    return 0 if one == other else 1 if is_newer(one, other) else -1


def is_newer(one, other):
    try:
        return subprocess.call(["dpkg", "--compare-versions", one, "gt", other]) == 0
    except OSError as error:
        raise AnsibleFilterError("several packages, and no dpkg to say which is newer (%s): name one with -e holdfast_package=PATH" % error)


class FilterModule(object):
    def filters(self):
        return {"holdfast_newest_package": newest_package}
