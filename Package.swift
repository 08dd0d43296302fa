// swift-tools-version: 6.2
import Foundation
import PackageDescription

/// CI sets `MSGGW_STRICT=1`: a warning then fails the build. Outside CI a newer compiler's new warning does not stop a newcomer.
let strict = ProcessInfo.processInfo.environment["MSGGW_STRICT"] == "1"

let settings: [SwiftSetting] =
    [
        .swiftLanguageMode(.v6),
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("MemberImportVisibility"),
    ] + (strict ? [.treatAllWarnings(as: .error)] : [])

let cSettings: [CSetting] = strict ? [.unsafeFlags(["-Wall", "-Wextra", "-Werror"])] : []

let package = Package(
    name: "msggw",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "msggw", targets: ["msggw"]),
        .library(name: "Envelope", targets: ["Envelope"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-configuration", from: "1.4.0"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        .systemLibrary(name: "COpenSSL", pkgConfig: "openssl", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CLibXML2", pkgConfig: "libxml-2.0", providers: [.apt(["libxml2-dev"])]),
        .systemLibrary(name: "CLibCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .systemLibrary(name: "CLinux"),
        // Ours, and in C: SQLite asks for a table of C functions, libxml2 for four.
        .target(name: "CPageGuard", cSettings: cSettings, linkerSettings: [.linkedLibrary("sqlite3")]),
        .target(name: "CArena", cSettings: cSettings),
        .target(
            name: "Native", dependencies: ["CArena", "COpenSSL", "CLibXML2", "CLibCurl", "CPageGuard", "CLinux"],
            swiftSettings: settings),
        .target(name: "Envelope", dependencies: ["Native"], swiftSettings: settings),
        // What law, standards and good practice ask of a message, decided by values alone.
        .target(name: "Practice", swiftSettings: settings),
        .target(
            name: "Gateway",
            dependencies: [
                "Envelope", "Native", "Practice",
                .product(name: "Configuration", package: "swift-configuration"),
                .product(name: "CoreMetrics", package: "swift-metrics"),
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "GRDBSQLite", package: "GRDB.swift"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "Yams", package: "Yams"),
            ],
            swiftSettings: settings
        ),
        .target(
            name: "Web",
            dependencies: [
                "Envelope", "Gateway",
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdTLS", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOExtras", package: "swift-nio-extras"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: settings
        ),
        .executableTarget(
            name: "msggw",
            dependencies: [
                "Envelope", "Gateway", "Practice", "Web",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            swiftSettings: settings
        ),
        .executableTarget(
            name: "bench",
            dependencies: [
                "Envelope", "Gateway", "MadeUpRegistry", "Native", "Practice", "Web",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            path: "Benchmarks",
            swiftSettings: settings
        ),
        // The very node code in a simulated world. A tool: nothing that is shipped depends on it.
        .target(
            name: "SimulationKit",
            dependencies: [
                "Envelope", "Gateway", "Native",
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "ServiceLifecycleTestKit", package: "swift-service-lifecycle"),
            ],
            path: "Simulation/Kit",
            swiftSettings: settings
        ),
        .executableTarget(
            name: "simulate",
            dependencies: ["Gateway", "SimulationKit", .product(name: "ArgumentParser", package: "swift-argument-parser")],
            path: "Simulation/Program",
            swiftSettings: settings
        ),
        .target(name: "TestSupport", dependencies: ["Envelope", "Native"], path: "Tests/TestSupport", swiftSettings: settings),
        .target(
            name: "NodeTestSupport",
            dependencies: [
                "Gateway", "Practice", "TestSupport",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            path: "Tests/NodeTestSupport",
            swiftSettings: settings
        ),
        .testTarget(
            name: "EnvelopeTests", dependencies: ["CArena", "Envelope", "Native", "TestSupport"], swiftSettings: settings),
        // A registry of national size, made from a seed; for tests and the benchmark.
        .target(name: "MadeUpRegistry", dependencies: ["Practice"], path: "Tests/MadeUpRegistry", swiftSettings: settings),
        .testTarget(name: "PracticeTests", dependencies: ["MadeUpRegistry", "Practice", "TestSupport"], swiftSettings: settings),
        .testTarget(
            name: "GatewayTests",
            dependencies: [
                "Envelope", "Gateway", "Native", "NodeTestSupport", "Practice", "TestSupport",
                .product(name: "CoreMetrics", package: "swift-metrics"),
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "Yams", package: "Yams"),
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "FlowTests",
            dependencies: [
                "Envelope", "Gateway", "Native", "NodeTestSupport", "Practice", "TestSupport", "Web",
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: settings
        ),
        // Runs the built `simulate`.
        .testTarget(name: "SimulationTests", dependencies: ["Gateway", "TestSupport"], swiftSettings: settings),
        // Runs the built `msggw`, as people do.
        .testTarget(name: "CommandTests", dependencies: ["Gateway", "TestSupport"], swiftSettings: settings),
        .testTarget(
            name: "WebTests",
            dependencies: [
                "Gateway", "Native", "TestSupport", "Web",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOEmbedded", package: "swift-nio"),
                .product(name: "NIOExtras", package: "swift-nio-extras"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: settings
        ),
    ]
)
