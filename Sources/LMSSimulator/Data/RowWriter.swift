/// Writes one row of ground truth: a JSON object keyed by the contract's column names, on a line of its own.
///
/// Times are integers, microseconds since 1970 in UTC. Numbers carry the digits the platform sent. A column the platform
/// cannot fill is null. `source_id` and the bookkeeping columns are left out.
struct RowWriter {
    private let writer: ByteWriter

    init(_ writer: ByteWriter) {
        self.writer = writer
        writer.byte(UInt8(ascii: "{"))
    }

    func end() {
        writer.close(UInt8(ascii: "}"))
        writer.byte(UInt8(ascii: "\n"))
    }

    private func name(_ column: StaticString) {
        writer.byte(UInt8(ascii: "\""))
        writer.raw(column)
        writer.raw("\":")
    }

    private func value(_ column: StaticString, _ write: (ByteWriter) -> Void) {
        name(column)
        write(writer)
        writer.byte(UInt8(ascii: ","))
    }

    func text(_ column: StaticString, _ text: String?) {
        value(column) { $0.string(text) }
    }

    /// A platform word that needs no escaping.
    func word(_ column: StaticString, _ word: StaticString) {
        value(column) { writer in
            writer.raw("\"")
            writer.raw(word)
            writer.raw("\"")
        }
    }

    func id(_ column: StaticString, _ kind: ObjectID.Kind, _ number: UInt64) {
        value(column) { $0.objectID(kind, number) }
    }

    func integer(_ column: StaticString, _ number: Int?) {
        value(column) { if let number { $0.integer(number) } else { $0.raw("null") } }
    }

    func hundredths(_ column: StaticString, _ number: Int32) {
        value(column) { $0.hundredths(Int(number)) }
    }

    /// A moment, or what the writer's form of times leaves of it.
    func time(_ column: StaticString, _ moment: Instant) {
        value(column) { if moment.isNone { $0.raw("null") } else { $0.integer($0.timeForm.kept(moment).microseconds) } }
    }

    func bool(_ column: StaticString, _ flag: Bool?) {
        value(column) { if let flag { $0.bool(flag) } else { $0.raw("null") } }
    }

    /// Nested JSON.
    func json(_ column: StaticString, _ write: (ByteWriter) -> Void) {
        value(column, write)
    }

    func null(_ columns: StaticString...) {
        for column in columns { value(column) { $0.raw("null") } }
    }
}
