/// How values look on the wire, by the switches.
///
/// A few plain values, worked out once a call: it is copied for every object that is written.
struct MatrixWire {
    private enum PercentForm { case text, number, sign, empty, code }

    /// Microseconds that a time is cut to: a minute, a second or a millisecond.
    private let unit: Int64
    private let hasSeconds: Bool
    private let hasFractions: Bool
    private let isZulu: Bool
    private let hasColon: Bool
    /// Minutes ahead of UTC.
    private let offset: Int
    private let percentForm: PercentForm
    /// Whether null members are left out.
    let omitsNulls: Bool
    /// Members that are left out.
    private let leftOut: Set<String>
    private let leavesOut: Bool

    init(_ switches: MatrixSwitches) {
        hasFractions = switches.timeForm == "fractions"
        hasSeconds = hasFractions || switches.timeForm == "seconds"
        unit = hasFractions ? 1000 : hasSeconds ? Instant.second : 60 * Instant.second
        isZulu = switches.offsetForm == "zulu"
        hasColon = switches.offsetForm != "compact"
        offset = isZulu ? 0 : switches.siteOffsetMinutes
        percentForm =
            switch switches.percentForm {
            case "number": .number
            case "percent_sign": .sign
            case "empty": .empty
            case "code": .code
            default: .text
            }
        omitsNulls = switches.absentNulls
        leftOut = Set(switches.leavesOut)
        leavesOut = !leftOut.isEmpty
    }

    func isLeftOut(_ name: StaticString) -> Bool { leavesOut && leftOut.contains(name.description) }

    /// What is left of a moment once it has gone over the wire.
    func shown(_ moment: Instant) -> Instant {
        moment.isNone ? moment : Instant(microseconds: moment.microseconds - moment.microseconds % unit)
    }

    /// A time as a JSON string in the site's zone: `YYYY-MM-DDThh:mmTZD`.
    func time(_ moment: Instant, to writer: ByteWriter) {
        guard !moment.isNone else { return writer.raw("null") }
        let civil = CivilTime(moment, offsetMinutes: offset)
        writer.byte(UInt8(ascii: "\""))
        date(civil, to: writer)
        let seconds = Int(civil.time / Instant.second)
        writer.byte(UInt8(ascii: "T"))
        digits(seconds / 3600, 2, to: writer)
        writer.byte(UInt8(ascii: ":"))
        digits(seconds / 60 % 60, 2, to: writer)
        if hasSeconds {
            writer.byte(UInt8(ascii: ":"))
            digits(seconds % 60, 2, to: writer)
        }
        if hasFractions {
            writer.byte(UInt8(ascii: "."))
            digits(Int(civil.time % Instant.second / 1000), 3, to: writer)
        }
        if isZulu {
            writer.byte(UInt8(ascii: "Z"))
        } else {
            writer.byte(offset < 0 ? UInt8(ascii: "-") : UInt8(ascii: "+"))
            digits(abs(offset) / 60, 2, to: writer)
            if hasColon { writer.byte(UInt8(ascii: ":")) }
            digits(abs(offset) % 60, 2, to: writer)
        }
        writer.byte(UInt8(ascii: "\""))
    }

    private func date(_ civil: CivilTime, to writer: ByteWriter) {
        digits(civil.year, 4, to: writer)
        writer.byte(UInt8(ascii: "-"))
        digits(civil.month, 2, to: writer)
        writer.byte(UInt8(ascii: "-"))
        digits(civil.day, 2, to: writer)
    }

    private func digits(_ number: Int, _ count: Int, to writer: ByteWriter) {
        var place = 1
        for _ in 1..<count { place *= 10 }
        while place > 0 {
            writer.byte(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: number / place % 10))
            place /= 10
        }
    }

    /// A percentage or score in hundredths; `code` is the special grade of the same cell, if there is one.
    func number(_ hundredths: Int, code: MatrixCell.Code? = nil, isPercent: Bool = true, to writer: ByteWriter) {
        guard hundredths >= 0 else {
            if let code, percentForm == .code { return writer.string(code.rawValue) }
            return percentForm == .empty ? writer.raw("\"\"") : writer.raw("null")
        }
        if percentForm == .number { return writer.hundredths(hundredths) }
        writer.byte(UInt8(ascii: "\""))
        writer.hundredths(hundredths)
        if isPercent, percentForm == .sign { writer.byte(UInt8(ascii: "%")) }
        writer.byte(UInt8(ascii: "\""))
    }

    /// The least percentage of a grade, which always has a decimal: `90.0`.
    func minimum(_ hundredths: Int, to writer: ByteWriter) {
        if percentForm == .number { return points(hundredths, to: writer) }
        writer.byte(UInt8(ascii: "\""))
        points(hundredths, to: writer)
        writer.byte(UInt8(ascii: "\""))
    }

    /// Points as a JSON float, which always has a decimal.
    func points(_ hundredths: Int, to writer: ByteWriter) {
        writer.hundredths(hundredths)
        if hundredths % 100 == 0 { writer.raw(".0") }
    }
}
