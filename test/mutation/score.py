#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Runs the tests once for each mutant, and compares what survives with the list of known survivors.

score.py record OUT                  runs the tests without a mutant: which test case evaluates what
score.py kill OUT [OPTION...]        runs the mutants
    --sample N SEED                  so many of them, drawn at random
    --only REGULAR-EXPRESSION        those of such files
    --without REGULAR-EXPRESSION     not with test cases of such names (for controls)
    --again                          only those that survived last time
    --listed SURVIVORS               only those on the list
score.py compare OUT SURVIVORS       "ok - ", "not ok - " and "measured - " lines

A mutant meets only test cases in which its condition came out otherwise than it is forced to: the fast ones first, each
program until the first failure. A crash, and more time than ten times what the tests take, is a failure.
"""
import os
import random
import re
import resource
import signal
import subprocess
import sys
import threading
import time
from collections import Counter, defaultdict, namedtuple

HERE = os.path.dirname(os.path.relpath(__file__))
BUILD = "build/mutation"
NO_SUCH_MUTANT = 99
MEMORY = 2 << 30
# Explorations with few states, then with more.
PROGRAMS = {"unit": ("unit_tests", "100"), "model": ("model_tests", "100"), "model more": ("model_tests", "2000")}
LEFT_OUT = re.compile(
    # Seeded bugs; tests that change each byte of the metadata in turn, which take minutes.
    r"every seeded bug|every bit |one bit of one copy|bits of two copies|every byte value of the extent table|explorations:")
FAST = 0.03  # seconds a test case takes

Condition = namedtuple("Condition", "number file line column ways text condition")
Case = namedtuple("Case", "program name seconds seen")


def conditions():
    lines = open(f"{BUILD}/source/conditions", encoding="utf-8").read().split("\n")[:-1]
    return {int(c[0]): Condition(int(c[0]), c[1], int(c[2]), int(c[3]), c[4].split(), c[5], c[6])
            for c in (line.split("\t") for line in lines)}


def environment(kind, **more):
    return {**os.environ, "BOOTGUARD_MODEL_STATES": PROGRAMS[kind][1], "BOOTGUARD_MODEL_SEED": "20240229",
            "BOOTGUARD_SEED": "1", **more}


def program(kind):
    return os.path.abspath(f"{BUILD}/build/test/{PROGRAMS[kind][0]}")


def names_of_cases(kind):
    listed = subprocess.run([program(kind), "--list-test-names-only"], capture_output=True, text=True).stdout
    return [name for name in listed.split("\n") if name.strip() and not LEFT_OUT.search(name)]


def write_names(path, names):
    with open(path, "w", encoding="utf-8") as file:
        file.write("".join(re.sub(r'([\\,"\[])', r"\\\1", name) + "\n" for name in names))


def record(out):
    failed = False
    for kind in PROGRAMS:
        path = f"{out}/{kind.replace(' ', '-')}"
        write_names(path + ".names", names_of_cases(kind))
        if os.path.exists(path):
            os.unlink(path)
        begun = time.time()
        done = subprocess.run([program(kind), "-f", path + ".names"], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              env=environment(kind, BOOTGUARD_MUTATION_RECORD=os.path.abspath(path)))
        cases = read_cases(out, kind)
        if done.returncode != 0 or len(cases) != len(names_of_cases(kind)):
            failed = True
            print(f"not ok - without a mutant: {kind} tests, exit status {done.returncode}, {len(cases)} test cases")
            print(re.sub("^", "    ", done.stdout[-2000:], flags=re.M))
        else:
            print(f"ok - without a mutant: {kind} tests pass: {len(cases)} test cases, {time.time() - begun:.0f} s")
    return failed


def read_cases(out, kind):
    cases = []
    lines = open(f"{out}/{kind.replace(' ', '-')}", encoding="utf-8").read().split("\n")
    for line in lines:
        if line.startswith("case "):
            _, seconds, name = line.split(" ", 2)
        elif line.startswith("seen"):
            seen = {int(n): int(bits) for n, bits in (item.split(":") for item in line.split()[1:])}
            cases.append(Case(kind, name, float(seconds), seen))
    return cases


def batches(cases):
    """[(program kind, [case])], the fast ones first"""
    def of(kind, fast):
        return kind, [case for case in cases if case.program == kind and (case.seconds < FAST) == fast]
    order = [of("unit", True), of("model", True), of("unit", False), of("model", False), of("model more", True),
             of("model more", False)]
    few = {case.name: case.seconds for case in cases if case.program == "model"}
    more = {case.name for case in cases if case.program == "model more" and case.seconds > 2 * few.get(case.name, 0) + FAST}
    return [(kind, [case for case in chosen if kind != "model more" or case.name in more]) for kind, chosen in order]


def limit_memory():
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def run_mutant(number, way, cases, scratch):
    """(verdict, what killed it)"""
    relevant = [case for case in cases if case.seen.get(number, 0) & (1 if way == "true" else 2)]
    if not relevant:
        return "survived", "no test gets there"
    for kind, chosen in batches(relevant):
        if not chosen:
            continue
        write_names(scratch, [case.name for case in chosen])
        limit = 4 + 10 * sum(case.seconds for case in chosen)
        child = subprocess.Popen([program(kind), "-f", scratch, "--abort", "-r", "compact"], stdin=subprocess.DEVNULL,
                                 stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
                                 preexec_fn=limit_memory, env=environment(kind, BOOTGUARD_MUTANT=f"{number}={way}"))
        try:
            status = child.wait(limit)
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()
            return "killed", f"{kind}: takes too long"
        if status == NO_SUCH_MUTANT:
            return "none", "no value to go on with"
        if status != 0:
            return "killed", f"{kind}: " + ("fails" if status > 0 else f"signal {-status}")
    return "survived", f"{len(relevant)} test cases"


def results(out):
    with open(f"{out}/results", encoding="utf-8") as file:
        rows = [line.rstrip("\n").split("\t") for line in file]
    return {(int(number), way): (verdict, how) for number, way, verdict, how in rows}


def kill(out, options):
    known = conditions()
    cases = [case for kind in PROGRAMS for case in read_cases(out, kind)]
    before = {}
    mutants = [(number, way) for number, condition in known.items() for way in condition.ways]
    while options:
        option = options.pop(0)
        if option == "--sample":
            count, seed = int(options.pop(0)), options.pop(0)
            mutants = random.Random(seed).sample(mutants, min(count, len(mutants)))
        elif option == "--only":
            pattern = options.pop(0)
            mutants = [mutant for mutant in mutants if re.search(pattern, known[mutant[0]].file)]
        elif option == "--without":
            pattern = options.pop(0)
            cases = [case for case in cases if not re.search(pattern, case.name)]
        elif option == "--again":
            before = results(out)
            mutants = [mutant for mutant in mutants if before.get(mutant, ("survived",))[0] == "survived"]
        elif option == "--listed":
            entries, _ = read_survivors(options.pop(0))
            mutants = [mutant for mutant in mutants if key_of(known[mutant[0]], mutant[1]) in entries]
        else:
            sys.exit(f"unknown option {option}")
    todo, done, lock, begun = list(mutants), dict(before), threading.Lock(), time.time()

    def work(index):
        while True:
            with lock:
                if not todo:
                    return
                mutant = todo.pop()
            verdict = run_mutant(*mutant, cases, f"{out}/scratch-{index}")
            with lock:
                done[mutant] = verdict
                file.write("\t".join([str(mutant[0]), mutant[1], *verdict]) + "\n")
                file.flush()

    with open(f"{out}/results.running", "w", encoding="utf-8") as file:  # to look at meanwhile
        threads = [threading.Thread(target=work, args=(index,)) for index in range(int(os.environ.get("JOBS", "2")))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    with open(f"{out}/results", "w", encoding="utf-8") as file:
        for (number, way), (verdict, how) in sorted(done.items()):
            file.write(f"{number}\t{way}\t{verdict}\t{how}\n")
    print(f"measured - mutation: {len(mutants)} mutants run in {time.time() - begun:.0f} s")


def read_survivors(path):
    entries, failed = defaultdict(list), False
    for number, line in enumerate(open(path, encoding="utf-8"), 1):
        if line.startswith("#") or not line.strip():
            continue
        parts = [part.strip() for part in line.split(" @ ")]
        if len(parts) != 5 or not all(parts):
            failed = True
            print(f"not ok - {path}:{number}: not FILE @ TEXT OF THE LINE @ CONDITION @ WAY @ REASON")
            continue
        entries[tuple(parts[:4])].append(parts[4])
    return entries, failed


def key_of(condition, way):
    return condition.file, condition.text, condition.condition, way


def compare(out, path):
    known, verdicts = conditions(), results(out)
    entries, failed = read_survivors(path)
    every = Counter()  # of all mutants, also of those not run
    for condition in known.values():
        for way in condition.ways:
            every[key_of(condition, way)] += 1
    run, survived = Counter(), Counter()
    killed, listed, not_yet, by_folder = Counter(), 0, 0, Counter()
    for (number, way), (verdict, how) in sorted(verdicts.items()):
        condition = known[number]
        key = key_of(condition, way)
        if verdict == "none":
            every[key] -= 1
            continue
        folder = condition.file.split("/")[1]
        by_folder[folder] += 1
        run[key] += 1
        if verdict == "killed":
            killed[folder] += 1
            continue
        survived[key] += 1
        if survived[key] <= len(entries[key]):
            listed += 1
            not_yet += entries[key][survived[key] - 1].startswith("not looked at yet")
            continue
        failed = True
        print(f"not ok - {condition.file}:{condition.line}:{condition.column} @ {condition.text} @ "
              f"{condition.condition} @ {way} @ survives ({how}) and is not listed")
    for key, reasons in sorted(entries.items()):
        # Of equal mutants, those that were not run may be the ones that are meant.
        if len(reasons) > survived[key] + every[key] - run[key]:
            failed = True
            print(f"not ok - survivor that was killed, or is no mutant: {' @ '.join(key)}")
    for folder, count in sorted(by_folder.items()):
        print(f"measured - mutation: {folder}: {killed[folder]}/{count} killed")
    total = sum(by_folder.values())
    print(f"measured - mutation: score {sum(killed.values())}/{total} "
          f"({100 * sum(killed.values()) / max(total, 1):.1f}%), {sum(survived.values())} survive, {listed} of them listed with a "
          f"reason, {not_yet} of those not looked at yet")
    if total == 0:
        failed = True
        print("not ok - mutation: nothing was run")
    elif not failed:
        print("ok - mutation: every mutant that was run is killed or listed with a reason")
    return failed


def main():
    command, out, *options = sys.argv[1:]
    if command == "record":
        return record(out)
    if command == "kill":
        return kill(out, options)
    return compare(out, *options)


sys.exit(1 if main() else 0)
