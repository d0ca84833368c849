#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Writes a copy of the sources in which every condition of core, format and app can be forced.

mutate.py COPY REPORT

REPORT is what 'llvm-cov export' says of the sources: clang knows best where conditions are. A condition C becomes
mutate(N, bool(C)). CHECK_OK and ASSIGN_OR_RETURN get a number for each use. COPY/conditions lists them, one a line:
N, file, line, column, ways to force it, text of the source line, text of the condition.

Left out: the labels of a switch, range-for (its end is no condition of ours) and declarations in while(): counted and printed.
"""
import json
import os
import re
import shutil
import subprocess
import sys
from collections import Counter

FOLDERS = ("core", "format", "app")
EXPANSION = 1
MACROS = ("CHECK_OK", "ASSIGN_OR_RETURN")


def places(report):
    """{(file, start, end, is a macro)} of all conditions in the folders"""
    found = set()
    for function in json.load(open(report, encoding="utf-8"))["data"][0]["functions"]:
        names = [os.path.relpath(name) for name in function["filenames"]]
        users = {region[6]: (region[5], tuple(region[0:2]), tuple(region[2:4]))
                 for region in function["regions"] if region[7] == EXPANSION}
        for branch in function["branches"]:
            start, end, file_id = tuple(branch[0:2]), tuple(branch[2:4]), branch[6]
            is_macro = file_id in users
            while file_id in users:
                file_id, start, end = users[file_id]
            if re.fullmatch(r"src/(%s)/[^/]+" % "|".join(FOLDERS), names[file_id]):
                found.add((names[file_id], start, end, is_macro))
    return sorted(found)


class Source:
    def __init__(self, name):
        self.text = open(name, encoding="utf-8").read()
        self.starts = [0]
        for line in self.text.split("\n"):
            self.starts.append(self.starts[-1] + len(line) + 1)
        self.insertions = []  # (offset, order, text)

    def offset(self, place):
        return self.starts[place[0] - 1] + place[1] - 1

    def line(self, number):
        return self.text[self.starts[number - 1]:self.starts[number] - 1].strip()

    def closing(self, offset):
        """of the parenthesis that is open at offset"""
        depth = 1
        while depth > 0:
            depth += {"(": 1, ")": -1}.get(self.text[offset], 0)
            offset += 1
        return offset - 1

    def mutated(self):
        result, last = [], 0
        for offset, _, text in sorted(self.insertions):
            result += [self.text[last:offset], text]
            last = offset
        return "".join(result) + self.text[last:]


def mutate_all(found):
    """({name: Source}, [condition], Counter of what is left out)"""
    sources, conditions, left_out = {}, [], Counter()
    for name, start, end, is_macro in found:
        source = sources.setdefault(name, Source(name))
        begin, finish = source.offset(start), source.offset(end)
        text = source.text[begin:finish]
        number = len(conditions) + 1
        ways = "true false"
        if is_macro:
            if text not in MACROS:
                left_out["other macros"] += 1
                continue
            source.insertions.append((begin, 0, "MUTATED_"))
            source.insertions.append((finish + 1, 0, f"{number}, "))
        elif re.match(r"(case|default)\b", text) or re.search(r"\bswitch \($", source.text[:begin]):
            left_out["labels of switches"] += 1
            continue
        elif text == ":":
            left_out["range-for"] += 1
            continue
        elif re.match(r"\s*=[^=]", source.text[finish:]):
            opening = source.text.rfind("(", 0, begin)
            if source.text[:opening].rstrip().endswith("while"):
                left_out["declarations in while()"] += 1
                continue
            ways = "false"  # there is nothing to go on with
            source.insertions.append((source.closing(finish), 0, f"; ::bootguard::mutate({number}, bool({text}))"))
        else:
            # In the product a guard is always on.
            ways = "false" if text.startswith("guard_on(") else ways
            # The outer one begins first and ends last.
            source.insertions.append((begin, -finish, f"::bootguard::mutate({number}, bool("))
            source.insertions.append((finish, -begin - 10**9, "))"))
        text = re.sub(r"\s+", " ", text)
        conditions.append((number, name, start[0], start[1], ways, source.line(start[0]), text))
    return sources, conditions, left_out


def write_if_changed(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    if not os.path.exists(path) or open(path, encoding="utf-8").read() != text:
        open(path, "w", encoding="utf-8").write(text)


def copy_if_changed(source, target):
    os.makedirs(os.path.dirname(target), exist_ok=True)
    if os.path.islink(source):
        if not os.path.lexists(target):
            os.symlink(os.readlink(source), target)
    elif not os.path.exists(target) or open(source, "rb").read() != open(target, "rb").read():
        shutil.copy(source, target)


def main():
    copy, report = sys.argv[1:]
    sources, conditions, left_out = mutate_all(places(report))
    here = os.path.dirname(os.path.relpath(__file__))
    files = subprocess.run(["git", "ls-files", "-co", "--exclude-standard", "src", "test", "doc", "dracut", "initramfs-hooks",
                            "subprojects", "cross", "meson.build", "meson_options.txt"],
                           check=True, capture_output=True, text=True).stdout.split("\n")
    for name in files:
        if not name or name.startswith(here) or not os.path.lexists(name):
            continue
        target = os.path.join(copy, name)
        if name in sources:
            write_if_changed(target, '#include "base/mutate.h"\n#line 1\n' + sources[name].mutated()
                             if name.endswith(".cpp") else
                             sources[name].mutated().replace("#pragma once\n", '#pragma once\n#include "base/mutate.h"\n', 1))
        elif name in ("test/unit/meson.build", "test/model/meson.build"):
            kind = name.split("/")[1]
            write_if_changed(target, open(name, encoding="utf-8").read() + f"{kind}_sources += files('mutation.cpp')\n")
        else:
            copy_if_changed(name, target)
    for folder in ("test/unit", "test/model"):
        copy_if_changed(os.path.join(here, "mutation.cpp"), os.path.join(copy, folder, "mutation.cpp"))
    copy_if_changed(os.path.join(here, "mutate.h"), os.path.join(copy, "src/base/mutate.h"))
    write_if_changed(os.path.join(copy, "conditions"),
                     "".join("\t".join(map(str, condition)) + "\n" for condition in conditions))
    ways = sum(len(condition[4].split()) for condition in conditions)
    print(f"measured - mutation: {len(conditions)} conditions, {ways} mutants; left out: " +
          ", ".join(f"{count} {what}" for what, count in sorted(left_out.items())))


main()
