# The one door to everything that is done with this tree; CI goes through it too.
#
#   make demo     a unit with simulated sensors, and the address of its page
#   make test     every test, as CI runs them

SHELL := /bin/bash
.DEFAULT_GOAL := help

SWIFT ?= swift
# SwiftPM writes some flags in the order of a hashed set; without this it compiles now and then all anew for nothing.
export SWIFT_DETERMINISTIC_HASHING := 1
# The same flags everywhere: another set would build everything a second time.
FLAGS := --explicit-target-dependency-import-check error
MACHINE := $(shell dpkg --print-architecture 2>/dev/null)
# What a package or an image is for: arm64 is a Pi, where this machine is none.
ARCH ?= $(MACHINE)
BINARY := .build/debug/picli
SWIFT_FOLDERS := Package.swift Sources Tests Plugins

# What a Debian machine with Swift lacks. BUILD is compiled against, or asked by every unit; TEST are programs that tests ask for a second
# opinion; BENCH is measured beside us.
BUILD_PACKAGES := ca-certificates cracklib-runtime git libc6-dev libmodbus-dev libsqlite3-dev pkg-config zlib1g-dev
TEST_PACKAGES := binutils bsdutils chromium curl debian-archive-keyring device-tree-compiler dosfstools dpkg-dev fdisk iproute2 librsvg2-bin \
	lintian mosquitto mosquitto-clients mtools nftables nodejs oathtool openssh-server openssl patch prometheus python3 python3-jsonschema \
	python3-venv python3-yaml qrencode rsyslog rsyslog-openssl smitools snmp snmpd snmptrapd systemd testssl.sh tzdata zbar-tools
# IMAGE builds the image of a card, and boots it.
IMAGE_PACKAGES := binutils debian-archive-keyring device-tree-compiler dosfstools dpkg-dev e2fsprogs mmdebstrap mtools openssh-client \
	ovmf qemu-system-x86 qemu-utils uidmap xz-utils
ARM64_PACKAGES := qemu-system-arm qemu-user-static
BENCH_PACKAGES := easy-rsa openssl prometheus-node-exporter python3 rsyslog

.PHONY: help
help: ## Say what there is to make.
	@sed -n 's/^\([a-z0-9-]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 22

.PHONY: setup
setup: ## Install what build and tests need (Debian; nothing when all is there).
	@Scripts/install-packages $(BUILD_PACKAGES) $(TEST_PACKAGES)

.PHONY: setup-build
setup-build: ## Install what the build alone needs.
	@Scripts/install-packages $(BUILD_PACKAGES)

.PHONY: build
build: ## Build picli for this machine, for debugging.
	$(SWIFT) build $(FLAGS) --product picli

.PHONY: demo
demo: setup-build build ## Run a unit with simulated sensors; Ctrl-C ends it.
	@exec Scripts/demo $(BINARY)

.PHONY: device-trees
device-trees: ## Fetch the device trees that our overlays are tested against; nothing when they are there.
	@Scripts/fetch-device-trees .build/device-trees

.PHONY: schemathesis
schemathesis: setup ## Fetch what tests the API, from PyPI; nothing when it is there.
	@Scripts/python-tools Tests/EndToEndTests/Fixtures/schemathesis.txt .build/schemathesis

.PHONY: controlbyweb-clients
controlbyweb-clients: setup ## Fetch clients of ControlByWeb boxes, from PyPI; nothing when they are there.
	@Scripts/python-tools Tests/EndToEndTests/Fixtures/controlbyweb/clients.txt .build/controlbyweb

.PHONY: modbus-client
modbus-client: setup ## Fetch what tests Modbus/TCP, from PyPI; nothing when it is there.
	@Scripts/python-tools Tests/EndToEndTests/Fixtures/modbus-client.txt .build/modbus-client

# One after the other: several tests measure how long something takes. The bench runs two machines at once.
.PHONY: test
test: setup setup-image device-trees schemathesis controlbyweb-clients modbus-client bench-vm ## Run every test.
	image/tests/units.sh
	$(SWIFT) test $(FLAGS) --disable-xctest --no-parallel --skip "^BenchTests"
	$(SWIFT) test $(FLAGS) --disable-xctest --skip-build --filter '^BenchTests' --skip '^BenchTests.Image'
	$(SWIFT) test $(FLAGS) --disable-xctest --skip-build --filter '^BenchTests.Image'

.PHONY: bench-vm
bench-vm: ## Build the machine of the test bench; nothing when its inputs are the same.
	@Scripts/install-packages $(shell cat Tests/Bench/machine/host.packages)
	@Tests/Bench/machine/build

.PHONY: test-vm
test-vm: bench-vm ## Run the bench suites: picli in a machine whose kernel believes in its hardware.
	$(SWIFT) test $(FLAGS) --disable-xctest --filter '^BenchTests' --skip '^BenchTests.Image'

.PHONY: test-faults
test-faults: bench-vm ## Break everything that can go wrong at a site, one by one and in pairs: picli diagnose names each.
	PICLI_BENCH_FAULTS=all $(SWIFT) test $(FLAGS) --disable-xctest --filter '^BenchTests.Diagnose'

.PHONY: test-image
ifeq ($(ARCH),arm64)
test-image: setup-image deb build
	CI=true PICLI_IMAGE_BOARD=$(or $(BOARD),arm64) PICLI_IMAGE_PACKAGE=out/picli_$$($(BINARY) --version | sed 's/.* //')_arm64.deb \
		PICLI_BENCH_TRANSCRIPT=$(or $(TRANSCRIPT),docs/boot-$(or $(BOARD),arm64).txt) \
		$(SWIFT) test $(FLAGS) --disable-xctest --filter '^BenchTests.Image'
else
test-image: setup-image ## Build an image twice, look into it, and boot it; ARCH=arm64: that of a Pi, which takes long. TRANSCRIPT: a file.
	$(if $(TRANSCRIPT),PICLI_BENCH_TRANSCRIPT=$(TRANSCRIPT)) $(SWIFT) test $(FLAGS) --disable-xctest --filter '^BenchTests.Image'
endif

.PHONY: setup-image
setup-image: ## Install what builds an image, and what boots one.
	@Scripts/install-packages $(IMAGE_PACKAGES) $(if $(filter arm64,$(ARCH)),$(ARM64_PACKAGES))
	$(if $(filter arm64,$(ARCH)),@image/sdk/register-emulator)

.PHONY: powercut
powercut: bench-vm release ## Cut the power CUTS times (10) while the unit writes; go on where that was stopped. SEED: how the disk tears.
	PICLI_BENCH_RESUME=.build/powercut PICLI_BENCH_PRODUCT=.build/release/picli \
		PICLI_BENCH_CUTS=$(or $(CUTS),10) PICLI_BENCH_SEED=$(or $(SEED),1) \
		$(SWIFT) test $(FLAGS) --disable-xctest --filter '^BenchTests.PowerTests/cuts'

.PHONY: load-vm
load-vm: bench-vm release ## Let 200 web clients look at a unit for MINUTES (20) minutes.
	PICLI_BENCH_PRODUCT=.build/release/picli PICLI_BENCH_LOAD_MINUTES=$(or $(MINUTES),20) \
		$(SWIFT) test $(FLAGS) --disable-xctest --filter '^BenchTests.LoadTests'

.PHONY: fuzz
fuzz: setup ## Feed every parser of foreign bytes for SECONDS (60) each, led by what they cover. TARGETS: only these.
	SECONDS_EACH=$(or $(SECONDS),60) Scripts/fuzz $(TARGETS)

.PHONY: format
format: ## Bring all Swift files into shape.
	$(SWIFT) format --in-place --parallel --recursive $(SWIFT_FOLDERS)

.PHONY: check
check: ## Check form, architecture and warnings, before a commit.
	$(SWIFT) format lint --strict --parallel --recursive $(SWIFT_FOLDERS)
	$(SWIFT) build $(FLAGS) --build-tests
	$(SWIFT) test $(FLAGS) --disable-xctest --skip-build --filter '^ArchitectureTests|CommandTreeTests'

.PHONY: release
release: ## Build picli as it is shipped: optimised, with Swift's libraries in it.
	$(SWIFT) build $(FLAGS) --configuration release --static-swift-stdlib --product picli

.PHONY: bench
bench: setup ## Measure picli beside its peers; the table goes to docs/.
	@Scripts/install-packages $(BENCH_PACKAGES)
	$(SWIFT) build $(FLAGS) --configuration release --static-swift-stdlib --product picli
	$(SWIFT) build $(FLAGS) --configuration release --static-swift-stdlib --product StoreBenchmark
	Benchmarks/run.py --picli .build/release/picli --store-benchmark .build/release/StoreBenchmark \
		--output docs/performance-table.md
	Benchmarks/certificates.py --picli .build/release/picli --output docs/performance-certificates.md
	Benchmarks/logs.py --picli .build/release/picli --output docs/performance-logs.md
	Benchmarks/relays.py --picli .build/release/picli --output docs/performance-relays.md

.PHONY: bench-image
bench-image: setup-image release deb ## Build an image beside plain mmdebstrap, ROUNDS (2) times from nothing; the table goes to docs/.
	Benchmarks/image.py --picli .build/release/picli --arch $(ARCH) --rounds $(or $(ROUNDS),2) --release \
		--package out/picli_$$(.build/release/picli --version | sed 's/.* //')_$(ARCH).deb --output docs/performance-image.md

.PHONY: docs
docs: build ## Make the man page and the completion scripts in out/.
	@Scripts/make-docs $(BINARY) out

.PHONY: deb
ifeq ($(ARCH),$(MACHINE))
deb: setup-build release ## Make the Debian package for this machine's Debian in out/; with ARCH=arm64 that for Debian 13 on a Pi.
	@Scripts/install-packages binutils device-tree-compiler dpkg-dev
	Scripts/make-deb .build/release/picli out
else
deb: build-arm64
	@Scripts/install-packages binutils device-tree-compiler dpkg-dev qemu-user-static
	Scripts/make-deb out/arm64/picli out $(ARCH)
endif

.PHONY: sdk-arm64
sdk-arm64: ## Fetch the compiler and the libraries that build for Debian 13 on arm64.
	image/sdk/make-sdk

.PHONY: build-arm64
build-arm64: sdk-arm64 ## Build picli for Debian 13 on arm64.
	image/sdk/build-arm64 . out/arm64/picli

.PHONY: clean
clean: ## Remove all that was built, and the state of the demo.
	rm -rf .build out
