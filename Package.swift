// swift-tools-version: 6.2
import PackageDescription

/// `make fuzz` builds our own modules so that libFuzzer sees which of their code a try reaches.
let isFuzzed = Context.environment["PICLI_FUZZ"] != nil
let fuzzed = ["-sanitize=fuzzer,address"]

/// The compiler as first reviewer: the same strict set for every Swift target of the project.
let plain: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
]
let strict = plain + (isFuzzed ? [.unsafeFlags(fuzzed)] : [])

let argumentParser: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let asyncHTTPClient: Target.Dependency = .product(name: "AsyncHTTPClient", package: "async-http-client")
let grdb: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")
let certificates: Target.Dependency = .product(name: "X509", package: "swift-certificates")
let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let httpTypes: Target.Dependency = .product(name: "HTTPTypes", package: "swift-http-types")
let hummingbird: Target.Dependency = .product(name: "Hummingbird", package: "hummingbird")
let lifecycle: Target.Dependency = .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let nioCore: Target.Dependency = .product(name: "NIOCore", package: "swift-nio")
let nioHTTP1: Target.Dependency = .product(name: "NIOHTTP1", package: "swift-nio")
let nioPosix: Target.Dependency = .product(name: "NIOPosix", package: "swift-nio")
let nioSSL: Target.Dependency = .product(name: "NIOSSL", package: "swift-nio-ssl")
let subprocess: Target.Dependency = .product(name: "Subprocess", package: "swift-subprocess")
let system: Target.Dependency = .product(name: "SystemPackage", package: "swift-system")
let swiftASN1: Target.Dependency = .product(name: "SwiftASN1", package: "swift-asn1")
let unixSignals: Target.Dependency = .product(name: "UnixSignals", package: "swift-service-lifecycle")
let yams: Target.Dependency = .product(name: "Yams", package: "Yams")

let package = Package(
    name: "picli",
    products: [.executable(name: "picli", targets: ["picli"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-asn1", exact: "1.7.4"),
        .package(url: "https://github.com/apple/swift-certificates", exact: "1.21.1"),
        .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
        .package(url: "https://github.com/apple/swift-http-types", exact: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", exact: "1.35.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", exact: "2.37.6"),
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
        .package(url: "https://github.com/apple/swift-system", exact: "1.8.1"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", exact: "2.28.1"),
        .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
        .package(url: "https://github.com/swift-server/async-http-client", exact: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", exact: "2.13.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", exact: "1.0.2"),
    ],
    targets: [
        // The command and the layers below it: see docs/architecture.md.
        .executableTarget(
            name: "picli",
            dependencies: [
                "Diagnose", "Appliance", "Provision", "Relays", "Web", "Store", "Hardware", "Site", "Platform",
                argumentParser,
                asyncHTTPClient, lifecycle,
                logging, nioCore, nioHTTP1, nioPosix, unixSignals,
            ],
            swiftSettings: strict, plugins: ["BuildStamp"]),
        .target(
            name: "Diagnose", dependencies: ["Provision", "Relays", "Store", "Hardware", "Site", "Platform", crypto],
            swiftSettings: strict),
        .target(
            name: "Appliance",
            dependencies: [
                "Relays", "Web", "Store", "Hardware", "Site", "Platform", "CModbus", httpTypes, hummingbird, lifecycle,
                logging, nioCore, nioPosix,
            ],
            swiftSettings: strict),
        .target(
            name: "Web",
            dependencies: [
                "Site", "Platform", "CLinux", "CZlib", crypto, httpTypes, hummingbird, lifecycle, logging, nioCore,
                nioHTTP1, nioPosix, nioSSL,
                .product(name: "CryptoExtras", package: "swift-crypto"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
                .product(name: "NIOHTTPTypesHTTP1", package: "swift-nio-extras"),
            ],
            exclude: ["Assets"], swiftSettings: strict, plugins: ["EmbedAssets"]),
        .target(
            name: "Provision",
            dependencies: [
                "Site", "Platform", certificates, crypto,
                .product(name: "CryptoExtras", package: "swift-crypto"), grdb, nioCore, nioPosix, nioSSL, swiftASN1,
            ],
            swiftSettings: strict),
        .target(name: "Relays", dependencies: ["Hardware", "Site", "Platform"], swiftSettings: strict),
        .target(name: "Store", dependencies: ["Site", "CZlib", crypto, grdb], swiftSettings: strict),
        .target(name: "Hardware", dependencies: ["Platform", "CGPIOD", "CI2C", "CLinux"], swiftSettings: strict),
        .target(name: "Site", dependencies: [yams], swiftSettings: strict),
        .target(name: "Platform", dependencies: ["CLinux", subprocess, system], swiftSettings: strict),
        .target(
            name: "TestSupport", dependencies: ["Platform", "Hardware", "Store", "Site", nioCore], swiftSettings: strict
        ),

        // Inline wrappers only.
        .target(name: "CGPIOD"),
        .target(name: "CI2C"),
        .target(name: "CLinux"),
        .systemLibrary(name: "CModbus", providers: [.apt(["libmodbus-dev"])]),
        .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"])]),

        // `make bench`.
        .executableTarget(
            name: "StoreBenchmark", dependencies: ["Store", "Site", grdb], path: "Benchmarks/StoreBenchmark",
            swiftSettings: strict),

        // What the build itself runs.
        .executableTarget(name: "embed-assets", swiftSettings: plain),
        .plugin(name: "EmbedAssets", capability: .buildTool(), dependencies: ["embed-assets"]),
        .plugin(name: "BuildStamp", capability: .buildTool()),

        // The machine of `make test-vm`: see docs/testing.md.
        .target(
            name: "Bench", dependencies: ["Site", "TestSupport"], path: "Tests/Bench/Sources", swiftSettings: strict),
        .testTarget(
            name: "BenchTests", dependencies: ["Bench", "Provision", "Site", "TestSupport", "picli"],
            swiftSettings: strict),

        .testTarget(
            name: "ProvisionTests",
            dependencies: [
                "Provision", "Site", "Platform", "TestSupport", certificates, crypto,
                .product(name: "CryptoExtras", package: "swift-crypto"), grdb, swiftASN1,
            ],
            exclude: ["Fixtures"], swiftSettings: strict),
        .testTarget(
            name: "DiagnoseTests",
            dependencies: ["Diagnose", "Provision", "Relays", "Store", "Hardware", "Site", "Platform", "TestSupport"],
            swiftSettings: strict),
        .testTarget(name: "ArchitectureTests", swiftSettings: strict),
        .testTarget(
            name: "RelaysTests", dependencies: ["Relays", "Hardware", "Site", "Platform", "TestSupport", "picli"],
            swiftSettings: strict),
        .testTarget(
            name: "SiteTests", dependencies: ["Site", "TestSupport"], exclude: ["Corpus"], swiftSettings: strict),
        .testTarget(
            name: "StoreTests", dependencies: ["Store", "Site", "Platform", "TestSupport", grdb], swiftSettings: strict),
        .testTarget(name: "PlatformTests", dependencies: ["Platform", "TestSupport"], swiftSettings: strict),
        .testTarget(
            name: "HardwareTests", dependencies: ["Hardware", "Platform", "TestSupport"], swiftSettings: strict),
        .testTarget(
            name: "BoardTests", dependencies: ["Hardware", "Platform", "TestSupport"], exclude: ["Fixtures"],
            swiftSettings: strict),
        .testTarget(
            name: "WebTests",
            dependencies: [
                "Web", "Site", "Platform", "TestSupport", "CZlib", httpTypes, hummingbird, lifecycle, logging, nioCore,
                nioHTTP1,
                nioPosix, .product(name: "NIOEmbedded", package: "swift-nio"),
            ],
            swiftSettings: strict),
        .testTarget(
            name: "ApplianceTests",
            dependencies: [
                "Appliance", "Relays", "Web", "Store", "Hardware", "Site", "Platform", "TestSupport", httpTypes,
                hummingbird, lifecycle, logging, nioCore, nioPosix,
            ],
            swiftSettings: strict),
        .testTarget(
            name: "CLITests",
            dependencies: [
                "picli", "Appliance", "Web", "Store", "Site", "Platform", argumentParser, httpTypes, logging, nioCore,
                nioHTTP1, nioPosix,
            ],
            exclude: ["Golden"], swiftSettings: strict),
        .testTarget(
            name: "EndToEndTests",
            dependencies: [
                "Appliance", "Platform", "Site", "Store", "TestSupport", "Web", "picli", asyncHTTPClient, httpTypes,
                logging, nioCore,
                nioHTTP1, nioPosix, nioSSL,
            ],
            exclude: ["Fixtures"], swiftSettings: strict),
    ],
    swiftLanguageModes: [.v6]
)

// The targets of `make fuzz` are a program only under the sanitizers, which gold cannot link; else a test tries each of
// them for a moment.
let fuzzTargets: [Target.Dependency] = ["Appliance", "Provision", "Web", "Store", "Hardware", "Site", "Platform"]
package.targets.append(
    isFuzzed
        ? .executableTarget(
            name: "Fuzz", dependencies: fuzzTargets, path: "Tests/Fuzz", exclude: ["FuzzTargetTests.swift"],
            swiftSettings: strict,
            linkerSettings: [.unsafeFlags(fuzzed + ["-Xclang-linker", "-fuse-ld=lld"])])
        : .testTarget(
            name: "FuzzTests", dependencies: fuzzTargets + ["TestSupport"], path: "Tests/Fuzz",
            exclude: ["Fuzz.swift"], swiftSettings: strict))
