import Foundation
import JSON
import Logging
import Synchronization
import Testing

@testable import registrar

@Suite struct LogTests {
    private func line(_ message: String, _ fields: Logger.Metadata = [:]) -> LogLine {
        LogLine(time: "T", level: .info, label: "registrar", message: message, fields: fields)
    }

    @Test("a record is one line of text with its fields in order")
    func text() {
        let text = line("stream finished", ["rows": "22", "course": "a b", "empty": "", "quote": "a\"b"]).text
        #expect(text == "T info    stream finished course=\"a b\" empty=\"\" quote=\"a\\\"b\" rows=22")
    }

    @Test("what a record is about comes first")
    func order() {
        let line = line("m", ["b": "1", "stream": "grades", "a": "2", "source": "acme"])
        #expect(line.text == "T info    m source=acme stream=grades a=2 b=1")
        #expect(line.json.hasSuffix(#""message":"m","source":"acme","stream":"grades","a":"2","b":"1"}"#))
    }

    @Test(
        "no value starts a line or commands a terminal",
        arguments: ["\n", "\r", "\u{1b}[2J", "\u{9b}", "\u{2028}", "\u{202e}", "\u{0}"]
    )
    func escapes(_ hostile: String) {
        let line = line("m\(hostile)x", ["k\(hostile)": "v\(hostile)w", "n": ["inner": "\(hostile)"]])
        for text in [line.text, line.json] {
            #expect(!text.contains(hostile), "\(text)")
            #expect(!text.contains("\n"))
        }
    }

    @Test("a record is one JSON object, and no field hides its own keys")
    func json() throws {
        let fields: Logger.Metadata = [
            "level": "fake", "rows": .stringConvertible(22), "rate": .stringConvertible(1.5),
            "nested": ["a": ["b", "c"]],
            "text": "é\"\\\u{7f}",
        ]
        let json = line("m", fields).json
        let object = try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
        #expect(object["level"] as? String == "info")
        #expect(object["field_level"] as? String == "fake")
        #expect(object["rows"] as? Int == 22)
        #expect(object["rate"] as? Double == 1.5)
        #expect((object["nested"] as? [String: [String]])?["a"] == ["b", "c"])
        #expect(object["text"] as? String == "é\"\\\u{7f}")
    }

    @Test("the handler honours its level and tells only the type of an error")
    func handler() {
        struct Leaky: Error, CustomStringConvertible { let description = "secret" }
        let lines = Mutex<[String]>([])
        let keep: @Sendable (String) -> Void = { line in lines.withLock { $0.append(line) } }
        let logger = Logger(label: "x") { ConsoleLogHandler(label: $0, logLevel: .info, format: .text, write: keep) }
        logger.debug("hidden")
        logger.error("shown", error: Leaky())
        let written = lines.withLock { $0 }
        #expect(written.count == 1)
        #expect(written.first?.hasSuffix("error   shown error_type=Leaky") == true)
        #expect(written.first?.contains("secret") == false)
    }

    @Test("the writer keeps the order, and a reader that stands still holds nobody up", .timeLimit(.minutes(1)))
    func writer() throws {
        var descriptors: [Int32] = [0, 0]
        #expect(pipe(&descriptors) == 0)
        let writer = ConsoleWriter(board: nil, descriptor: descriptors[1])
        writer.start()
        // Far more than a pipe holds, and more than the queue: the rest is dropped, and counted.
        let padding = String(repeating: "x", count: 1000)
        for number in 0..<20_000 { writer.enqueue("\(number) \(padding)") }
        let reader = FileHandle(fileDescriptor: descriptors[0], closeOnDealloc: true)
        let text = Mutex("")
        let thread = Thread {
            let data = (try? reader.readToEnd()) ?? Data()
            text.withLock { $0 = String(decoding: data, as: UTF8.self) }
        }
        thread.start()
        writer.close()
        close(descriptors[1])
        while !thread.isFinished { sched_yield() }
        let lines = text.withLock { $0.split(separator: "\n") }
        let numbers = lines.compactMap { $0.split(separator: " ").first.flatMap { Int($0) } }
        // Lines are dropped while the queue is full, wherever that is: what comes is in order, and nothing twice.
        #expect(numbers.first == 0)
        #expect(zip(numbers, numbers.dropFirst()).allSatisfy { $0 < $1 })
        #expect(numbers.count < 20_000)
        #expect(lines.contains { $0.contains("log lines were dropped") })
    }
}
