#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Which lines and branches no test went through, and whether each is listed with a reason.

measure.py EXCEPTIONS FOLDERS REPORT...

Prints "measured - ", "ok - " and "not ok - " lines. A report, one for each test program, is what 'llvm-cov export' says of each function: its own
sums leave out the branches inside macros (CHECK_OK and its like return from the function that uses them), and take the
line after an assert() for never executed.
"""
import json
import re
import sys
from collections import Counter, defaultdict

CODE, EXPANSION = 0, 1  # kinds of regions


def source_name(path):
    """The report may put the build folder before it."""
    match = re.search(r"(?:^|/)(src/[a-z]+/[^/]+)$", path)
    return match.group(1) if match else path


def folder_of(name):
    match = re.match(r"src/([a-z]+)/", name)
    return match.group(1) if match else None


class Function:
    def __init__(self, function):
        self.names = [source_name(name) for name in function["filenames"]]
        self.branches = function["branches"]
        self.users = {}  # file id of an expansion: where it is used
        self.code = defaultdict(list)  # file id: (start, end, executions), outer before inner
        for region in function["regions"]:
            start, end, count, file_id, expanded_id, kind = (
                tuple(region[0:2]), tuple(region[2:4]), region[4], region[5], region[6], region[7])
            if kind == EXPANSION:
                self.users[expanded_id] = (file_id, start, end)
            elif kind == CODE:
                self.code[file_id].append((start, end, count))
        for regions in self.code.values():
            regions.sort(key=lambda region: (region[0], [-number for number in region[1]]))

    def executions(self, file_id, place):
        """of the innermost region around a place; None: no code"""
        around = [count for start, end, count in self.code[file_id] if start <= place < end]
        return around[-1] if around else None

    def lines(self, folders, sources):
        """(file, line, executions) of each line with code"""
        for file_id, regions in list(self.code.items()):
            name = self.names[file_id]
            if file_id in self.users or folder_of(name) not in folders:
                continue
            begins = defaultdict(list)
            for start, _, count in regions:
                begins[start[0]].append(count)
            for number in range(regions[0][0][0], max(end[0] for _, end, _ in regions) + 1):
                line = sources.line(name, number)
                text = line.strip()
                if not re.search(r"[A-Za-z0-9]", text) or text.startswith("//"):
                    continue
                count = self.executions(file_id, (number, len(line) - len(line.lstrip()) + 1))
                counts = begins[number] + ([count] if count is not None else [])
                if counts:
                    yield name, number, max(counts)

    def outcomes(self):
        """(file, start, end, place in the macro, times true, times false) of each condition, also those of macros"""
        for branch in self.branches:
            start, end, if_true, if_false, file_id = (
                tuple(branch[0:2]), tuple(branch[2:4]), branch[4], branch[5], branch[6])
            # Executed, and yet neither: the compiler knew the answer (guard_on() in the product).
            if if_true == 0 and if_false == 0 and (self.executions(file_id, start) or 0) > 0:
                continue
            inner = (start, end)
            for _ in range(len(self.users)):  # an expansion may lie in another
                if file_id not in self.users:
                    break
                file_id, start, end = self.users[file_id]
            yield self.names[file_id], start, end, inner, if_true, if_false


def counted(paths, folders, sources):
    """{file: {line: executions}}, {(file, start, end, place in the macro): [times true, times false]}"""
    lines, branches = defaultdict(dict), defaultdict(lambda: [0, 0])
    for entry in [e for path in paths for e in json.load(open(path, encoding="utf-8"))["data"][0]["functions"]]:
        function = Function(entry)
        if not any(folder_of(name) in folders for name in function.names):
            continue
        for name, number, count in function.lines(folders, sources):
            lines[name][number] = max(count, lines[name].get(number, 0))
        for name, start, end, inner, if_true, if_false in function.outcomes():
            if folder_of(name) in folders:
                branches[(name, start, end, inner)][0] += if_true
                branches[(name, start, end, inner)][1] += if_false
    return lines, branches


class Sources:
    def __init__(self):
        self.files = {}

    def line(self, name, number):
        if name not in self.files:
            self.files[name] = open(name, encoding="utf-8").read().split("\n")
        return self.files[name][number - 1]

    def text(self, name, start, end):
        last = end[1] - 1 if end[0] == start[0] else None
        return self.line(name, start[0])[start[1] - 1:last].strip()


def uncovered(lines, branches, sources):
    """[(file, line, what, text)]: neighbouring lines are one item, and take the branches on them along."""
    items = []
    dark = set()
    for name in sorted(lines):
        first, before = 0, None
        run = 0
        for number in sorted(lines[name]) + [None]:
            is_dark = number is not None and lines[name][number] == 0
            if is_dark:
                dark.add((name, number))
                first, run = (number, 1) if run == 0 else (first, run + 1)
            elif run > 0:
                items.append((name, first, f"{run} lines" if run > 1 else "line", sources.line(name, first).strip()))
                run = 0
    for (name, start, end, _), (if_true, if_false) in sorted(branches.items()):
        if (name, start[0]) in dark:
            continue
        condition = sources.text(name, start, end)
        for count, word in ((if_true, "true"), (if_false, "false")):
            if count == 0:
                items.append((name, start[0], f"never {word}: {condition}", sources.line(name, start[0]).strip()))
    return items


def read_exceptions(path):
    """Counter of (file, what, text), and {that: reason}"""
    entries, reasons = Counter(), {}
    for number, line in enumerate(open(path, encoding="utf-8"), 1):
        if line.startswith("#") or not line.strip():
            continue
        parts = [part.strip() for part in line.split(" @ ")]
        if len(parts) != 4 or not all(parts):
            print(f"not ok - {path}:{number}: not FILE @ WHAT @ TEXT OF THE LINE @ REASON")
            continue
        entries[tuple(parts[:3])] += 1
        reasons[tuple(parts[:3])] = parts[3]
    return entries, reasons


def main():
    exceptions, folders, reports = sys.argv[1], sys.argv[2].split(), sys.argv[3:]
    sources = Sources()
    lines, branches = counted(reports, folders, sources)
    items = uncovered(lines, branches, sources)
    entries, reasons = read_exceptions(exceptions)
    failed = False
    unlisted, listed, untested = Counter(), Counter(), Counter()
    for name, number, what, text in items:
        key = (name, what, text)
        if entries[key] > 0:
            entries[key] -= 1
            listed[folder_of(name)] += 1
            untested[folder_of(name)] += reasons[key].startswith("not tested yet")
        else:
            unlisted[folder_of(name)] += 1
            failed = True
            print(f"not ok - {name}:{number} @ {what} @ {text} @ is not covered and not listed")
    for folder in folders:
        counts = [count for name in lines if folder_of(name) == folder for count in lines[name].values()]
        outcomes = [count for key, pair in branches.items() if folder_of(key[0]) == folder for count in pair]
        print(f"measured - coverage: {folder}: lines {sum(c > 0 for c in counts)}/{len(counts)}, "
              f"branches {sum(c > 0 for c in outcomes)}/{len(outcomes)}, {listed[folder]} places listed with a reason, "
              f"{untested[folder]} of them not tested yet")
        if not counts or not outcomes:
            failed = True
            print(f"not ok - coverage of {folder}: nothing was measured")
        elif unlisted[folder] == 0:
            print(f"ok - coverage of {folder}: every line and branch is tested or listed with a reason")
    for (name, what, text), count in sorted(entries.items()):
        if count > 0 and folder_of(name) in folders:
            failed = True
            print(f"not ok - exception that matches nothing uncovered: {name} @ {what} @ {text}")
        elif count > 0:
            failed = True
            print(f"not ok - exception of a folder that is not measured: {name}")
    return 1 if failed else 0


sys.exit(main())
