import Foundation
import Platforms
import RegistrarTesting
import Testing

@Suite("The demo", .serialized)
struct DemoTests {
    @Test("of all platforms shows each school's round, source by source", .timeLimit(.minutes(5)))
    func all() async throws {
        try await withTemporaryDirectory { directory in
            let environment = ["REGISTRAR_DATA_DIR": "\(directory)/data"]
            let demo = try await RegistrarProcess(["demo", "--all"], in: directory, environment: environment)
                .wait(.seconds(280))
            let stopped = try await RegistrarProcess(["demo", "--stop"], in: directory, environment: environment).wait()
            #expect(stopped.code == 0, "\(stopped.errors)")
            #expect(demo.code == 0, "\(demo.errors)")

            let parts = demo.output.components(separatedBy: "\n==> ")
            func part(_ title: String) throws -> [String] {
                let found = try #require(parts.first { $0.hasPrefix(title) }, "\(title) is not told of")
                return found.split(separator: "\n").map(String.init)
            }
            let changed = try part("Query: what the last sync changed")
            let completions = try part("Query: completions by course")
            let sync = try part("registrar sync")
            for kind in PlatformRegistry.kinds.map(\.kind) {
                #expect(parts.contains { $0.contains("school lives on: two hours") })
                #expect(changed.contains { $0.contains(" \(kind) ") }, "\(kind): \(changed)")
                // The school lived on, so its sync asked for something and brought rows.
                let total = try #require(sync.first { $0.contains("\(kind):") }, "\(sync)")
                #expect(!total.contains(" 0 requests") && !total.contains(" 0 rows"), "\(total)")
            }
            #expect(completions.contains { $0.contains("source_id") }, "courses of two schools are never one")
        }
    }
}
