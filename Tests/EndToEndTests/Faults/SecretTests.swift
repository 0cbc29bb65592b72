import Extractor
import Foundation
import LMSSimulator
import Loader
import NIOCore
import RegistrarTesting
import Sync
import Testing

@Suite("Secrets", .serialized)
struct SecretTests {
    /// The spellings a secret may be found in.
    static func spellings(_ secret: String) -> [String] {
        let bytes = Array(secret.utf8)
        let hex = bytes.map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
        let encoded = secret.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? secret
        let json = [[], JSONEncoder.OutputFormatting.withoutEscapingSlashes].map { formatting in
            let encoder = JSONEncoder()
            encoder.outputFormatting = formatting
            let text = (try? encoder.encode(secret)).map { String(decoding: $0, as: UTF8.self) } ?? ""
            return String(text.dropFirst().dropLast())
        }
        // Base64 of the secret at each of the three places it may have in a group, without what its neighbours decide.
        let base64 = (0..<3).map { offset in
            let text = Data([UInt8](repeating: 0, count: offset) + bytes).base64EncodedString()
            let clean = text.dropFirst(offset == 0 ? 0 : 4).prefix { $0 != "=" }
            return String(clean.dropLast(2))
        }
        return [secret, String(secret.prefix(8)), encoded, hex, hex.uppercased()] + json + base64
    }

    /// Secrets of `texts` that stand in them, by the name of the text.
    static func leaks(of secrets: [String], in texts: [String: String]) -> [String] {
        let needles = Set(secrets.flatMap(spellings)).filter { $0.utf8.count >= 8 }
        return texts.flatMap { name, text in
            needles.filter { text.contains($0) }.map { needle in
                let place = text.range(of: needle).map { range in
                    let start =
                        text.index(range.lowerBound, offsetBy: -60, limitedBy: text.startIndex) ?? text.startIndex
                    let end = text.index(range.upperBound, offsetBy: 60, limitedBy: text.endIndex) ?? text.endIndex
                    return String(text[start..<end])
                }
                return "\(name) holds \(needle): \(place ?? "")"
            }
        }.sorted()
    }

    /// The whole database as text.
    static func dump(_ url: String, _ arguments: [String] = []) async throws -> String {
        let folder = try #require(
            ["/usr/lib/postgresql/17/bin", "/usr/lib/postgresql/16/bin", "/usr/lib/postgresql/15/bin", "/usr/bin"]
                .first { FileManager.default.isExecutableFile(atPath: $0 + "/pg_dump") }
        )
        return try await withTemporaryDirectory { directory in
            let process = Process()
            process.executableURL = URL(fileURLWithPath: folder + "/pg_dump")
            process.arguments = ["--inserts", "--file", directory + "/dump.sql"] + arguments + [url]
            try process.run()
            process.waitUntilExit()
            #expect(process.terminationStatus == 0)
            return try String(contentsOfFile: directory + "/dump.sql", encoding: .utf8)
        }
    }

    @Test(
        "that an error answer echoes are told to nobody",
        .timeLimit(.minutes(2)),
        arguments: [400, 401, 403, 404, 409, 418, 422, 429, 451, 500, 502, 503, 504, 599]
    )
    func areEchoed(status: Int) async throws {
        let log = RecordedLog()
        let school = GeneratedSchool.make(.init(courses: 3, learners: 12), seed: 482)
        try await withSchool(SchoolOptions(kind: .learnworlds, school: school, logger: log.logger)) { harness in
            for isEverything in [false, true] {
                let echoing = harness.altering { request, response in
                    guard isEverything || request.target.contains("/v2/users") else { return response }
                    let body = request.body.map { String(buffer: $0) } ?? ""
                    let headers = request.headers.map { "\($0.0): \($0.1)" }.joined(separator: "; ")
                    let echo = "you sent \(request.target) \(headers) \(body) learner1@example.org fake-secret"
                        .replacingOccurrences(of: "\\", with: "\\\\").replacingOccurrences(of: "\"", with: "\\\"")
                    let text =
                        "{\"errors\":[{\"code\":\"\(echo)\",\"context\":\"\(echo)\",\"message\":\"\(echo)\"}],\"success\":false}"
                    return TransportResponse(status: status, body: ByteBuffer(string: text))
                }
                let report = await echoing.baseline()
                #expect(report.exitCode != 0, "\(report.story)")
                let dump = try await Self.dump(harness.warehouseURL, ["--schema", "sync"])
                let texts = ["log": log.text, "report": report.story, "sync": dump]
                let leaks = Self.leaks(of: harness.simulator.secrets, in: texts)
                #expect(leaks.isEmpty, "\(leaks.joined(separator: "\n"))")
                #expect(texts.filter { $0.value.contains("@example.org") }.isEmpty)
                #expect(!log.lines.isEmpty)
            }
        }
    }

    @Test("would be found by these tests")
    func wouldBeFound() {
        let secret = "s3cr\"t+/ value&key"
        let encoded = Data("client:\(secret):end".utf8).base64EncodedString()
        let shapes = [
            "a \(secret) b", "a=\(secret.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? "")", encoded,
            "x s3cr\\\"t+/ value&key", Array(secret.utf8).map { String($0, radix: 16) }.joined(),
            "only \(secret.prefix(8)) …",
        ]
        for shape in shapes { #expect(!Self.leaks(of: [secret], in: ["text": shape]).isEmpty, "\(shape)") }
        #expect(Self.leaks(of: [secret], in: ["text": "nothing here"]).isEmpty)
    }
}
