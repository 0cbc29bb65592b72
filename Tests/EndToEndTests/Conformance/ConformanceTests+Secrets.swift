import Extractor
import Foundation
import LMSSimulator
import NIOCore
import Platforms
import RegistrarTesting
import Sync
import Synchronization
import Testing

extension ConformanceTests {
    /// What went over the wire, both ways.
    private final class Wire: Sendable {
        private let texts = Mutex<[String]>([])

        func note(_ request: TransportRequest, _ response: TransportResponse) {
            let headers = request.headers.map { "\($0.0): \($0.1)" }.joined(separator: "\n")
            let body = request.body.map { String(buffer: $0) } ?? ""
            texts.withLock { $0 += [request.target, headers, body, String(buffer: response.body)] }
        }

        /// Those of `secrets` that stand in nothing that was sent or answered.
        func lacking(_ secrets: [String]) -> Set<String> {
            texts.withLock { texts in
                Set(secrets).filter { secret in
                    let hidden = Data("fake-client:\(secret)".utf8).base64EncodedString()
                    return !texts.contains { $0.contains(secret) || $0.contains(hidden) }
                }
            }
        }
    }

    /// The real executable at its most talkative, with every stream on and every custom field wanted.
    @Test(
        "every secret that the school plants is found in no dump, no log and no process title",
        .timeLimit(.minutes(4)),
        arguments: PlatformCase.all
    )
    func secretsAreNowhere(platform: PlatformCase) async throws {
        var options = platform.school(.small, 481)
        let description = try #require(PlatformRegistry.kinds.first { $0.kind == platform.kind })
        options.sourceLines += [
            "streams: [\(description.streams.joined(separator: ", "))]", "learners: {custom_fields: all}",
        ]
        try await withInstallation(options) { place in
            let harness = place.harness
            try harness.simulator.setFaults(json: Array(platform.planting.utf8))
            // A search for what was never there proves nothing: first it is shown that each secret reaches the connector.
            let wire = Wire()
            let watched = harness.altering { request, response in
                wire.note(request, response)
                return response
            }
            #expect(await watched.baseline().exitCode == 0)
            #expect(wire.lacking(harness.simulator.secrets) == platform.unaskedSecrets)

            var texts: [String: String] = [:]
            func run(_ words: String..., format: String) async throws -> Int32 {
                let process = try place.start(words, logLevel: "trace", logFormat: format)
                var titles = Set<String>()
                _ = try await process.waits {
                    titles.insert(process.title)
                    return process.end() != nil
                }
                let ending = try await process.wait()
                let name = "\(words.joined(separator: " ")) \(texts.count)"
                texts[name + " output"] = ending.output
                texts[name + " log"] = ending.errors
                texts[name + " title"] = titles.joined(separator: "\n")
                return ending.code
            }
            #expect(try await run("baseline", "--restart", format: "json") == 0)
            harness.simulator.change(ChangeRequest(seed: 4_810, count: 30, secondsBetween: 20))
            harness.simulator.advance(seconds: platform.settling)
            try harness.simulator.setFaults(json: Array(#"{"server_error_calls": 1}"#.utf8))
            #expect(try await run("sync", format: "text") == 0)
            #expect(try await run("doctor", format: "json") == 0)
            let list = platform.hostileList.list
            let hostile = HostileRecord.Kind.allCases.map { #"{"list": "\#(list)", "kind": "\#($0.rawValue)"}"# }
            try harness.simulator.setFaults(json: Array(#"{"hostile": [\#(hostile.joined(separator: ","))]}"#.utf8))
            #expect(try await run("sync", "--full", format: "text") == 0)
            harness.simulator.advance(seconds: platform.settling)
            try harness.simulator.setFaults(json: Array(platform.refusal.utf8))
            #expect(try await run("sync", format: "json") == 77)
            texts["dump"] = try await SecretTests.dump(harness.warehouseURL)

            #expect(texts["dump"]?.contains("INSERT INTO lms.learners") == true)
            #expect(texts.filter { $0.key.hasSuffix("title") }.allSatisfy { $0.value.contains("registrar") })
            let leaks = SecretTests.leaks(of: harness.simulator.secrets, in: texts)
            #expect(leaks.isEmpty, "\(leaks.joined(separator: "\n"))")

            // A learner's address belongs into lms and nowhere else.
            let end = platform.addressEnd
            let people = texts.filter { $0.key != "dump" && $0.value.contains(end) }.keys
            #expect(people.isEmpty)
            let state = try await SecretTests.dump(harness.warehouseURL, ["--schema", "sync"])
            #expect(!state.contains(end))
            #expect(texts["dump"]?.contains(end) == true)
        }
    }
}
