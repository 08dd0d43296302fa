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

let package = Package(
    name: "msggw",
    platforms: [.macOS(.v15)],
    products: [
        .library(name: "Envelope", targets: ["Envelope"])
    ],
    targets: [
        .systemLibrary(name: "COpenSSL", pkgConfig: "openssl", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CLibXML2", pkgConfig: "libxml-2.0", providers: [.apt(["libxml2-dev"])]),
        .systemLibrary(name: "CLibCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .target(name: "Native", dependencies: ["COpenSSL", "CLibXML2", "CLibCurl"], swiftSettings: settings),
        .target(name: "Envelope", dependencies: ["Native"], swiftSettings: settings),
        .target(name: "TestSupport", dependencies: ["Envelope", "Native"], path: "Tests/TestSupport", swiftSettings: settings),
        .testTarget(name: "EnvelopeTests", dependencies: ["Envelope", "Native", "TestSupport"], swiftSettings: settings),
    ]
)
