// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "registrar",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "registrar", targets: ["registrar"])
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-async-algorithms", exact: "1.1.4"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", exact: "2.37.6"),
        .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
        .package(url: "https://github.com/swift-server/async-http-client", exact: "1.37.0"),
    ],
    targets: [
        // System libraries and their shims.
        .systemLibrary(name: "CLibpq", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        .systemLibrary(name: "CLibcrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .target(name: "CSimdJSON", linkerSettings: [.linkedLibrary("simdjson")]),
        .target(name: "CProcess"),

        // The way of the data, from the platform to the warehouse.
        .target(name: "JSON", dependencies: ["CSimdJSON"]),
        .target(name: "Records"),
        .target(name: "Hashing", dependencies: ["CLibcrypto"]),
        .target(
            name: "Extractor",
            dependencies: [
                "JSON", "Records",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ]
        ),
        .target(
            name: "Transformer",
            dependencies: ["Hashing", "JSON", "Records"]
        ),
        .target(
            name: "Platforms",
            dependencies: [
                "Extractor", "JSON", "Records", "Transformer", .product(name: "Logging", package: "swift-log"),
            ],
            exclude: ["Blackboard/README.md", "LearnWorlds/README.md", "Matrix/README.md"]
        ),
        .target(name: "Postgres", dependencies: ["CLibpq"]),
        .target(
            name: "Migrations",
            path: "Migrations",
            resources: [
                .embedInCode("0001_sync_state.sql"), .embedInCode("0002_lms_tables.sql"),
                .embedInCode("0003_freshness_views.sql"),
                .embedInCode("0004_run_plans.sql"),
                .embedInCode("0005_late_indexes.sql"),
                .embedInCode("0006_source_identity.sql"),
                .embedInCode("0007_request_counts.sql"),
                .embedInCode("0008_documented_columns.sql"),
            ]
        ),
        .target(name: "Loader", dependencies: ["Migrations", "Postgres", "Records"]),
        .target(
            name: "Settings",
            dependencies: [
                "Extractor", "Hashing", "Platforms", "Records", .product(name: "Yams", package: "Yams"),
            ]
        ),
        .target(
            name: "Sync",
            dependencies: [
                "Extractor", "JSON", "Loader", "Platforms", "Postgres", "Records", "Settings", "Transformer",
                .product(name: "AsyncAlgorithms", package: "swift-async-algorithms"),
                .product(name: "Logging", package: "swift-log"),
            ]
        ),
        .executableTarget(
            name: "registrar",
            dependencies: [
                "CProcess", "JSON", "Loader", "Platforms", "Postgres", "Settings", "Sync",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
            ]
        ),

        // The platforms on loopback, written from the vendors' documents: shares nothing with the connectors.
        .target(
            name: "LMSSimulator",
            dependencies: [
                "Hashing", .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ]
        ),
        .executableTarget(
            name: "lms-simulator",
            dependencies: ["LMSSimulator", .product(name: "ArgumentParser", package: "swift-argument-parser")]
        ),

        // What tests share; never a dependency of a product.
        .target(
            name: "RegistrarTesting",
            dependencies: [
                "Extractor", "LMSSimulator", "Loader", "Platforms", "Postgres", "Records", "Settings", "Sync",
                .product(name: "Logging", package: "swift-log"),
            ]
        ),

        .testTarget(name: "JSONTests", dependencies: ["JSON"]),
        .testTarget(name: "HashingTests", dependencies: ["Hashing"]),
        .testTarget(name: "RecordsTests", dependencies: ["Records"]),
        .testTarget(name: "MigrationsTests", dependencies: ["Migrations", "Records"]),
        .testTarget(name: "PostgresTests", dependencies: ["Postgres", "RegistrarTesting"]),
        .testTarget(
            name: "LoaderTests",
            dependencies: ["Loader", "Migrations", "Postgres", "Records", "RegistrarTesting"]
        ),
        .testTarget(
            name: "ExtractorTests",
            dependencies: [
                "Extractor", "JSON",
                .product(name: "InMemoryLogging", package: "swift-log"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ]
        ),
        .testTarget(name: "TransformerTests", dependencies: ["JSON", "Records", "Transformer"]),
        .testTarget(
            name: "PlatformsTests",
            dependencies: ["Extractor", "JSON", "Platforms", "Records", "Transformer"],
            exclude: ["LearnWorlds/Fixtures"]
        ),
        .testTarget(
            name: "SyncTests",
            dependencies: [
                "Extractor", "JSON", "Loader", "Platforms", "Records", "RegistrarTesting", "Settings", "Sync",
                "Transformer", .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
            ]
        ),
        .testTarget(
            name: "LMSSimulatorTests",
            dependencies: [
                "Hashing", "LMSSimulator", "RegistrarTesting",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ]
        ),
        .testTarget(
            name: "EndToEndTests",
            dependencies: [
                "Extractor", "Hashing", "LMSSimulator", "Loader", "Platforms", "Postgres", "Records", "registrar",
                "RegistrarTesting", "Settings", "Sync",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
            ],
            exclude: ["Traces/Fixtures", "Upgrade/Fixtures"]
        ),
        .testTarget(name: "SettingsTests", dependencies: ["Extractor", "Platforms", "Settings"]),
        .testTarget(
            name: "RegistrarTests",
            dependencies: [
                "CProcess", "JSON", "Loader", "Platforms", "Postgres", "registrar", "Settings", "Sync",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
            ]
        ),
    ],
    cxxLanguageStandard: .cxx17
)

let features = [
    "ExistentialAny", "InternalImportsByDefault", "MemberImportVisibility", "NonisolatedNonsendingByDefault",
]
for target in package.targets
where !["CProcess", "CSimdJSON"].contains(target.name) && [.regular, .executable, .test].contains(target.type) {
    target.swiftSettings = (target.swiftSettings ?? []) + [.swiftLanguageMode(.v6), .treatAllWarnings(as: .error)]
    target.swiftSettings? += features.map { .enableUpcomingFeature($0) }
}

// The modules that tests keep busy are optimised in debug builds too, their assertions included.
for target in package.targets where ["Hashing", "JSON", "LMSSimulator", "Postgres", "Records", "Transformer"].contains(target.name) {
    target.swiftSettings? += [.unsafeFlags(["-O", "-assert-config", "Debug"], .when(configuration: .debug))]
}
