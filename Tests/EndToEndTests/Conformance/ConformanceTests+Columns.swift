import Extractor
import LMSSimulator
import NIOCore
import Platforms
import Records
import RegistrarTesting
import Sync
import Testing

extension ConformanceTests {
    /// The school of a kind with everything asked for: every stream, every custom field, every option a column waits for.
    private func whole(_ platform: PlatformCase, seed: UInt64) throws -> (SchoolOptions, KindDescription) {
        var options = platform.school(.small, seed)
        let kind = try #require(PlatformRegistry.kinds.first { $0.kind == platform.kind })
        options.sourceLines += [
            "streams: [\(kind.streams.joined(separator: ", "))]", "learners: {custom_fields: all}",
        ]
        options.optionLines += platform.columnOptions
        return (options, kind)
    }

    @Test(
        "every column that the kind declares is filled, and none that it does not",
        .timeLimit(.minutes(3)),
        arguments: PlatformCase.all
    )
    func declaredColumns(platform: PlatformCase) async throws {
        let (options, kind) = try whole(platform, seed: 523)
        try await withSchool(options) { harness in
            let report = await harness.baseline()
            #expect(report.exitCode == 0, "\(report.story)")
            for table in Table.all {
                let counts = table.columns.map { "count(\($0.name))" }.joined(separator: ", ")
                let row = try #require(try await harness.sql("SELECT \(counts) FROM \(table.qualifiedName)").first)
                for (column, count) in zip(table.columns, row) {
                    let isFilled = (count.flatMap { Int($0) } ?? 0) > 0
                    #expect(
                        isFilled == kind.data.fills(column, of: table),
                        "\(kind.kind) \(table.name).\(column.name): \(count ?? "")"
                    )
                }
            }
        }
    }

    /// Columns that a warehouse of an older release has without a value.
    private static let late = [
        "assessments": ["category_id", "pass_percent", "opens_at", "external_id", "created_at", "modified_at"],
        "learners": ["roles", "job_title_id", "archived_at", "first_login_at", "login_count"],
        "enrollments": ["suspended_at"],
        "progress": ["final_letter"],
        "certificates": ["template_id"],
    ]

    @Test(
        "a warehouse from before a column is filled by what is read again, and once",
        .timeLimit(.minutes(3)),
        arguments: PlatformCase.all
    )
    func lateColumns(platform: PlatformCase) async throws {
        try await withSchool(platform.school(.small, 541)) { harness in
            #expect(await harness.baseline().exitCode == 0)
            for (table, columns) in Self.late {
                let nulls = columns.map { "\($0) = NULL" }.joined(separator: ", ")
                try await harness.sql("UPDATE lms.\(table) SET \(nulls)")
            }
            let report = await harness.sync()
            #expect(report.exitCode == 0, "\(report.story)")
            // What was read again has its values now; nothing else was touched, and nothing is written a second time.
            let versions = try await harness.rowVersions()
            #expect(await harness.sync().exitCode == 0)
            #expect(try await harness.rowVersions().differing(from: versions) == [])
            harness.simulator.advance(seconds: platform.settling)
            let sweep = await harness.sweep()
            #expect(sweep.exitCode == 0, "\(sweep.story)")
            try await expectTruth(harness)
        }
    }

    @Test(
        "a field that nobody knows is named in the drift, in whatever list and object it comes",
        .timeLimit(.minutes(3)),
        arguments: PlatformCase.all
    )
    func driftSeesEveryPlace(platform: PlatformCase) async throws {
        var options = platform.school(.small, 547)
        let kind = try #require(PlatformRegistry.kinds.first { $0.kind == platform.kind })
        options.sourceLines += ["streams: [\(kind.streams.joined(separator: ", "))]"]
        let places = PlantedField.places[platform.kind] ?? []
        #expect(places.count >= 12)
        try await withSchool(options) { harness in
            let planting = harness.altering { request, response in
                let fields = places.filter { request.target.contains($0.list) }
                guard !fields.isEmpty else { return response }
                let body = fields.reduce(String(buffer: response.body)) { $1.plant(in: $0) }
                return TransportResponse(
                    status: response.status,
                    headers: response.headers,
                    body: ByteBuffer(string: body)
                )
            }
            let report = await planting.baseline()
            #expect(report.exitCode == 0, "\(report.story)")
            let named = Set(
                try await harness.sql("SELECT field FROM sync.schema_drift WHERE NOT kept").compactMap { $0[0] }
            )
            for place in places { #expect(named.contains(place.field), "\(platform.kind): \(named.sorted())") }
        }
    }
}
