# What people and CI call. `make` alone lists the targets.

# Folders laid out like ../shared/standards/samples and transport-samples; override on the command line.
SAMPLES ?= ../shared/standards/samples
TRANSPORT_SAMPLES ?= ../shared/standards/transport-samples

# How much `make crash` does, and which points and times it takes.
KILLS ?= 200
RANDOM ?= 50
ERRORS ?= 40
POWER ?= 20
FULL ?= 2
FAULTS ?= 1
CLOSING ?= 20
SEED ?= 1
# Kills during upgrades; 0: every call there is.
UPGRADES ?= 150
# Bytes that `make flips` changes.
FLIPS ?= 1000
# And in `make crash`.
CRASH_FLIPS ?= 60
# How large a store `make drill` makes.
MESSAGES ?= 100000

# How large a registry `make bench-registry` makes.
PARTIES ?= 200000

# How many seeds `make simulate` runs; with SEED=n it runs that one.
SEEDS ?= 300

SWIFT_SOURCES := Package.swift $(wildcard Sources Tests Simulation Benchmarks)
MINUTES ?= 10
# `make samples` builds in the configuration that has been built before, so that it costs least.
CONFIGURATION := $(if $(wildcard .build/release/msggw),release,debug)
# Swift's own libraries go into the program where the toolchain has them for that: calls into them cost less, and the machine
# that runs it needs none.
SWIFT_LIBRARIES := $(shell swiftc -print-target-info 2>/dev/null | sed -n 's/.*"runtimeResourcePath": "\(.*\)".*/\1/p')
RELEASE := -c release $(if $(wildcard $(SWIFT_LIBRARIES)_static),--static-swift-stdlib)
BUILD = $(if $(filter release,$(CONFIGURATION)),$(RELEASE),-c $(CONFIGURATION))

.PHONY: help demo test crash simulate upgrades drill flips bench bench-large bench-registry samples lint format clean swift packages packages-for-tests
.DEFAULT_GOAL := help

help:
	@echo "make demo         three nodes on this machine send a referral with attachments and show every step"
	@echo "make test         build and run every test"
	@echo "make samples      read real samples and print a verdict for each: SAMPLES=folder TRANSPORT_SAMPLES=folder"
	@echo "make simulate     three nodes in a simulated world, seed after seed: SEEDS=n, or SEED=n for one (docs/SIMULATION.md)"
	@echo "make crash        kill nodes at every point and judge what is left: KILLS=n RANDOM=n ERRORS=n POWER=n FULL=n FAULTS=n CLOSING=n SEED=n"
	@echo "make upgrades     open stores of every earlier version, killed on the way: UPGRADES=n, 0 for every call (part of make crash)"
	@echo "make drill        backup and restoration of a store with MESSAGES=100000, timed"
	@echo "make flips        change one byte of what a node has on its disk, FLIPS=1000 times, and look who notices"
	@echo "make bench        messages per second between two nodes, beside what the machine's keys allow"
	@echo "make bench-large  a 1 GiB attachment through two nodes: memory, seconds, MB/s"
	@echo "make duplicates   100,000 messages of which 30 % come twice or conflict: each is stored once"
	@echo "make flat         what a message costs with 1,000 and with 1,000,000 messages stored"
	@echo "make bench-registry  finding a door and searching among PARTIES=200000, with bounds that fail"
	@echo "make soak         two nodes under a steady load for MINUTES=10: memory, files and log stay flat"
	@echo "make lint         check the format of the sources, and the scripts"
	@echo "make format       format the sources"
	@echo "make clean        remove what was built and what the demo left"

demo: packages swift
	swift build $(RELEASE) --product msggw
	.build/release/msggw demo

test: packages-for-tests swift
	swift build --build-tests
	@scripts/run-tests.sh --skip WebTests --skip SimulationTests --skip FlowTests --skip CommandTests
# Whole nodes, and the program itself: in a process of their own, which would else have too many files open.
	@scripts/run-tests.sh --filter FlowTests --filter CommandTests
# Deadlines run by the real clock: beside five hundred other tests a small machine would miss them.
	@scripts/run-tests.sh --filter WebTests
# Keeps every processor busy.
	@scripts/run-tests.sh --filter SimulationTests
	@echo "make test: every test that ran has passed."

# CI has built everything in debug and runs that: CONFIGURATION=debug.
simulate: CONFIGURATION = release
simulate: packages swift
	certs-test/make.sh .build/certs-test
	swift build $(BUILD) --product simulate
	.build/$(CONFIGURATION)/simulate $(if $(filter command environment,$(origin SEED)),--seed $(SEED),--seeds $(SEEDS)) $(if $(LETTERS),--letters $(LETTERS)) $(if $(ORDERS),--orders $(ORDERS))

# The checker proves first that it finds what is wrong; a checker that finds nothing would pass everything.
crash: packages-for-tests swift
	swift build $(BUILD) --product msggw
	python3 Harness/crash/test_checker.py --binary .build/$(CONFIGURATION)/msggw
	python3 Harness/crash --binary .build/$(CONFIGURATION)/msggw --kills $(KILLS) --random $(RANDOM) \
		--errors $(ERRORS) --power $(POWER) --full $(FULL) --faults $(FAULTS) --closing $(CLOSING) --seed $(SEED)
	python3 Harness/keeping/upgrade.py --binary .build/$(CONFIGURATION)/msggw --kills $(UPGRADES) --seed $(SEED)
	python3 Harness/keeping/flips.py --binary .build/$(CONFIGURATION)/msggw --flips $(CRASH_FLIPS) --seed $(SEED)

upgrades: packages-for-tests swift
	swift build $(BUILD) --product msggw
	python3 Harness/keeping/upgrade.py --binary .build/$(CONFIGURATION)/msggw --kills $(UPGRADES) --seed $(SEED)

drill: packages swift
	swift build $(BUILD) --product msggw
	python3 Harness/keeping/drill.py --binary .build/$(CONFIGURATION)/msggw --messages $(MESSAGES)

flips: packages-for-tests swift
	swift build $(BUILD) --product msggw
	python3 Harness/keeping/flips.py --binary .build/$(CONFIGURATION)/msggw --flips $(FLIPS) --seed $(SEED)

samples: packages swift
	swift build $(BUILD) --product msggw
	.build/$(CONFIGURATION)/msggw samples "$(SAMPLES)" "$(TRANSPORT_SAMPLES)"

bench: packages swift
	swift build $(RELEASE)
	.build/release/bench

bench-large: packages swift
	swift build $(RELEASE)
	.build/release/bench large

duplicates: packages swift
	swift build $(RELEASE) --product bench
	.build/release/bench duplicates

bench-registry: packages swift
	swift build $(RELEASE) --product bench
	.build/release/bench registry --parties $(PARTIES)

flat: packages swift
	swift build $(RELEASE) --product bench
	.build/release/bench flat

# CI has built everything in debug and runs that: CONFIGURATION=debug.
soak: CONFIGURATION = release
soak: packages swift
	swift build $(BUILD) --product bench
	swift build $(BUILD) --product msggw
	.build/$(CONFIGURATION)/bench soak --minutes $(MINUTES)

lint: swift
	swift format lint --strict --parallel --recursive $(SWIFT_SOURCES)
	@for script in .ci/run certs-test/make.sh $(wildcard scripts/*.sh); do bash -n "$$script" || exit 1; done

format: swift
	swift format --in-place --parallel --recursive $(SWIFT_SOURCES)

clean:
	rm -rf .build demo

swift:
	@scripts/check-swift.sh

packages:
	@scripts/install-packages.sh

packages-for-tests:
	@scripts/install-packages.sh --tests
