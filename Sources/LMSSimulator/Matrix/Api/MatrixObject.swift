/// Writes one JSON object of the API, member by member.
struct MatrixObject {
    let writer: ByteWriter
    let wire: MatrixWire

    init(_ writer: ByteWriter, _ wire: MatrixWire) {
        (self.writer, self.wire) = (writer, wire)
        writer.byte(UInt8(ascii: "{"))
    }

    /// The fields of an object that is being written already.
    init(continuing writer: ByteWriter, _ wire: MatrixWire) {
        (self.writer, self.wire) = (writer, wire)
    }

    func end() {
        writer.close(UInt8(ascii: "}"))
    }

    func value(_ name: StaticString, _ write: (ByteWriter) -> Void) {
        guard !wire.isLeftOut(name) else { return }
        writer.byte(UInt8(ascii: "\""))
        writer.raw(name)
        writer.raw("\":")
        write(writer)
        writer.byte(UInt8(ascii: ","))
    }

    /// A member that is null; left out where the school's features are off.
    private func null(_ name: StaticString) {
        if !wire.omitsNulls { value(name) { $0.raw("null") } }
    }

    func nulls(_ names: StaticString...) {
        for name in names { null(name) }
    }

    func text(_ name: StaticString, _ text: String?) {
        guard let text else { return null(name) }
        value(name) { $0.string(text) }
    }

    func integer(_ name: StaticString, _ number: Int?) {
        guard let number else { return null(name) }
        value(name) { $0.integer(number) }
    }

    func bool(_ name: StaticString, _ flag: Bool) {
        value(name) { $0.bool(flag) }
    }

    func time(_ name: StaticString, _ moment: Instant) {
        guard !moment.isNone else { return null(name) }
        value(name) { wire.time(moment, to: $0) }
    }

    /// A time that is always there, null or not: states of an enrollment belong to no feature.
    func state(_ name: StaticString, _ moment: Instant) {
        value(name) { wire.time(moment, to: $0) }
    }

    func percent(_ name: StaticString, _ hundredths: Int, code: MatrixCell.Code? = nil) {
        value(name) { wire.number(hundredths, code: code, to: $0) }
    }

    /// A school's own fields, flat among the others.
    func fields(_ fields: [MatrixField]) {
        for field in fields {
            writer.string(field.name)
            writer.byte(UInt8(ascii: ":"))
            writer.string(field.value)
            writer.byte(UInt8(ascii: ","))
        }
    }
}
