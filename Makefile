# What people and CI call. `make` alone lists the targets.

# Folders laid out like ../shared/standards/samples and transport-samples; override on the command line.
SAMPLES ?= ../shared/standards/samples
TRANSPORT_SAMPLES ?= ../shared/standards/transport-samples

SWIFT_SOURCES := Package.swift $(wildcard Sources Tests Benchmarks)
# `make samples` builds in the configuration that has been built before, so that it costs least.
CONFIGURATION := $(if $(wildcard .build/release/msggw),release,debug)

.PHONY: help demo test bench bench-large samples lint format clean swift packages packages-for-tests
.DEFAULT_GOAL := help

help:
	@echo "make demo         three nodes on this machine send a referral with attachments and show every step"
	@echo "make test         build and run every test"
	@echo "make samples      read real samples and print a verdict for each: SAMPLES=folder TRANSPORT_SAMPLES=folder"
	@echo "make bench        messages per second between two nodes, beside what the machine's keys allow"
	@echo "make bench-large  a 1 GiB attachment through two nodes: memory, seconds, MB/s"
	@echo "make lint         check the format of the sources, and the scripts"
	@echo "make format       format the sources"
	@echo "make clean        remove what was built and what the demo left"

demo: packages swift
	swift build -c release --product msggw
	.build/release/msggw demo

test: packages-for-tests swift
	swift build --build-tests
	swift test --skip-build --skip WebTests
# Deadlines run by the real clock: beside five hundred other tests a small machine would miss them.
	swift test --skip-build --filter WebTests
	@echo "make test: every test that ran has passed."

samples: packages swift
	swift build -c $(CONFIGURATION) --product msggw
	.build/$(CONFIGURATION)/msggw samples "$(SAMPLES)" "$(TRANSPORT_SAMPLES)"

bench: packages swift
	swift build -c release
	.build/release/bench

bench-large: packages swift
	swift build -c release
	.build/release/bench large

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
