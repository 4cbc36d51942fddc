// swift-tools-version: 6.2
import PackageDescription

/// The compiler as first reviewer: the same strict set for every Swift target of the project.
let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
]

let argumentParser: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let lifecycle: Target.Dependency = .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let hummingbird: Target.Dependency = .product(name: "Hummingbird", package: "hummingbird")
let grdb: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")
let yams: Target.Dependency = .product(name: "Yams", package: "Yams")

let package = Package(
    name: "picli",
    products: [.executable(name: "picli", targets: ["picli"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-http-types", exact: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", exact: "2.28.1"),
        .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", exact: "2.13.0"),
    ],
    targets: [
        .executableTarget(
            name: "picli",
            dependencies: ["Appliance", "Web", "Store", "Hardware", "Site", "Platform", argumentParser, logging, lifecycle],
            swiftSettings: strict),
        .target(
            name: "Appliance",
            dependencies: ["Web", "Store", "Hardware", "Site", "Platform", logging, lifecycle, hummingbird],
            swiftSettings: strict),
        .target(
            name: "Web",
            dependencies: [
                "Site", "Platform", logging, lifecycle, hummingbird,
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            swiftSettings: strict),
        .target(name: "Store", dependencies: ["Site", "Platform", "CZlib", logging, grdb], swiftSettings: strict),
        .target(name: "Hardware", dependencies: ["Platform", "CI2C"], swiftSettings: strict),
        .target(name: "Site", dependencies: [yams], swiftSettings: strict),
        .target(name: "Platform", dependencies: ["CLinux", logging], swiftSettings: strict),
        .target(
            name: "TestSupport", dependencies: ["Platform", "Hardware", "Store", "Site", logging],
            swiftSettings: strict),

        .target(name: "CI2C", linkerSettings: [.linkedLibrary("i2c")]),
        .target(name: "CLinux"),
        .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"])]),
    ],
    swiftLanguageModes: [.v6]
)
