import Extractor
import Foundation
import JSON
package import Logging

/// The bundled simulator as a child process: a school on loopback that can be told to live on.
///
/// A small shell stands between: it ends the simulator when this process ends, however it ends.
package final class SimulatedSchool: Sendable {
    /// The client that the school lets in; it exists on this machine's loopback only.
    package static let clientID = "demo-client"
    /// Its secret, or the key where the platform knows no clients.
    package static let clientSecret = "demo-secret"

    /// The platform's kind, as `kind:` in `registrar.yaml`.
    package let kind: String
    /// The address to configure as the source's `url`.
    package let url: String

    private let origin: APIOrigin
    private let shell: Process
    private let lifeline: FileHandle
    private let logger: Logger

    /// Starts `lms-simulator` and waits until it listens.
    ///
    /// `program` is the simulator's executable, `oulad` the folder of the OULAD files; without one a school is generated.
    package static func start(
        program: String,
        kind: String,
        oulad: String?,
        logger: Logger
    ) async throws -> SimulatedSchool {
        guard FileManager.default.isExecutableFile(atPath: program) else {
            throw SyncError(.internalFault, "no simulator at \(program): build it, or run deploy/demo.sh")
        }
        // Behind: what passes later must not lead to the future, which would look odd.
        let clock = "\(Int(Date().timeIntervalSince1970) - pause - 120)"
        var arguments = [program, "--kind", kind, "--client-id", clientID, "--client-secret", clientSecret]
        arguments += ["--api-key", clientSecret, "--clock", clock]
        arguments += oulad.map { ["--oulad", $0] } ?? ["--learners", "2000", "--courses", "20"]
        // Closing its output in the shell leaves the simulator as the only writer: its death ends the reading.
        // The shell does not wait for it afterwards: our thread's signal mask, which it inherits, blocks SIGCHLD.
        let script = #""$@" & child=$!; exec >&-; read -r ignored; kill "$child""#
        let shell = Process()
        shell.executableURL = URL(fileURLWithPath: "/bin/sh")
        shell.arguments = ["-c", script, "sh"] + arguments
        let (input, output) = (Pipe(), Pipe())
        (shell.standardInput, shell.standardOutput) = (input, output)
        try shell.run()
        let lifeline = input.fileHandleForWriting
        do {
            guard let line = await firstLine(of: output.fileHandleForReading),
                let address = line.firstRange(of: "http://").map({ String(line[$0.lowerBound...]) })
            else { throw SyncError(.internalFault, "the simulator ended before it listened") }
            return try SimulatedSchool(kind: kind, url: address, shell: shell, lifeline: lifeline, logger: logger)
        } catch {
            try? lifeline.close()
            throw error
        }
    }

    private init(kind: String, url: String, shell: Process, lifeline: FileHandle, logger: Logger) throws {
        (self.kind, self.url, self.shell, self.lifeline, self.logger) = (kind, url, shell, lifeline, logger)
        origin = try APIOrigin(parsing: url)
    }

    /// Ends the simulator; harmless when it has ended.
    package func stop() {
        try? lifeline.close()
    }

    /// Seconds that pass before a school lives on: longer than any platform's lists are taken to be fresh.
    private static let pause = 7_200

    /// Lets two hours pass, and people come, enroll, study, hand in and complete, as far as the platform knows of it.
    ///
    /// - Returns: How often each kind of change happened, by its name, sorted.
    package func live(changes: Int) async throws -> [(kind: String, count: Int)] {
        let transport = AsyncHTTPTransport(origin: origin)
        let client = APIClient(
            origin: origin,
            transport: transport,
            limiter: RateLimiter(RateLimits(perSecond: 100)),
            logger: logger
        )
        let answer: Page
        do {
            let pause = Secret(#"{"advance":\#(Self.pause)}"#)
            _ = try await client.fetch(APIRequest(.post, "/_control/clock", body: .json(pause), stream: "control"))
            let known = try await client.fetch(APIRequest(.get, "/_control/changes", stream: "control"))
            let visible = known.document.withRoot { root in root["visible"]?.elements.compactMap(\.string) ?? [] }
            let list = Self.everyday.filter(visible.contains).map(JSONWriter.quoted).joined(separator: ",")
            let wish = Secret(#"{"seed":7,"count":\#(changes),"seconds_between":0.1,"kinds":[\#(list)]}"#)
            answer = try await client.fetch(APIRequest(.post, "/_control/change", body: .json(wish), stream: "control"))
        } catch {
            try? await transport.shutdown()
            throw error
        }
        try? await transport.shutdown()
        return answer.document.withRoot { root in
            var counts: [String: Int] = [:]
            guard let made = root["changes"], made.kind == .array else { return [] }
            for change in made.elements { counts[change["kind"]?.string ?? "change", default: 0] += 1 }
            return counts.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
        }
    }

    /// What happens in every school every day.
    private static let everyday = [
        "new_learner", "enrollment", "visit", "study", "submission", "completion", "course_edited",
    ]

    /// The first line a pipe brings, or `nil` where it ends before; read on a thread that may block.
    private static func firstLine(of pipe: FileHandle) async -> String? {
        await withCheckedContinuation { continuation in
            let thread = Thread {
                var bytes = Data()
                while !bytes.contains(0x0A) {
                    let more = pipe.availableData
                    guard !more.isEmpty else { break }
                    bytes += more
                }
                let end = bytes.firstIndex(of: 0x0A)
                continuation.resume(returning: end.map { String(decoding: bytes[..<$0], as: UTF8.self) })
            }
            thread.start()
        }
    }
}
