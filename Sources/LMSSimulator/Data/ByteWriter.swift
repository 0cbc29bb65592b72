import NIOCore

/// Growing raw memory that JSON is written into.
///
/// Pages are rendered record by record straight from the compact school: a record costs a few memory copies, so that
/// nothing has to be kept rendered and every change shows at once. Not thread-safe: the owner guards it.
final class ByteWriter {
    private var memory: UnsafeMutableRawPointer
    private var capacity: Int
    private(set) var count = 0
    /// How ``time(_:)`` writes Unix seconds.
    var timeForm = TimeForm.exact

    init(capacity: Int = 1 << 16) {
        self.capacity = capacity
        memory = .allocate(byteCount: capacity, alignment: 16)
    }

    deinit {
        memory.deallocate()
    }

    var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: memory, count: count) }
    var text: String { String(decoding: bytes, as: UTF8.self) }
    var buffer: ByteBuffer { ByteBuffer(bytes: bytes) }

    func reset() {
        count = 0
    }

    /// Forgets everything after `count` bytes, for instance a trailing comma.
    func truncate(to count: Int) {
        self.count = count
    }

    private func reserve(_ extra: Int) {
        guard count + extra > capacity else { return }
        let grown = max(capacity * 2, count + extra)
        let fresh = UnsafeMutableRawPointer.allocate(byteCount: grown, alignment: 16)
        fresh.copyMemory(from: memory, byteCount: count)
        memory.deallocate()
        memory = fresh
        capacity = grown
    }

    func raw(_ text: StaticString) {
        let length = text.utf8CodeUnitCount
        reserve(length)
        (memory + count).copyMemory(from: text.utf8Start, byteCount: length)
        count += length
    }

    /// Appends text as it is, without quotes or escapes.
    func plain(_ text: String) {
        var text = text
        text.withUTF8 { utf8 in
            guard let start = utf8.baseAddress else { return }
            reserve(utf8.count)
            (memory + count).copyMemory(from: start, byteCount: utf8.count)
            count += utf8.count
        }
    }

    func append(_ other: UnsafeRawBufferPointer) {
        guard let start = other.baseAddress else { return }
        reserve(other.count)
        (memory + count).copyMemory(from: start, byteCount: other.count)
        count += other.count
    }

    func byte(_ value: UInt8) {
        reserve(1)
        memory.storeBytes(of: value, toByteOffset: count, as: UInt8.self)
        count += 1
    }

    /// A JSON string, quoted and escaped.
    func string(_ text: String) {
        var text = text
        byte(UInt8(ascii: "\""))
        text.withUTF8 { utf8 in
            reserve(utf8.count)
            for unit in utf8 {
                switch unit {
                case 0x22, 0x5C:
                    byte(0x5C)
                    byte(unit)
                case 0..<0x20:
                    raw("\\u00")
                    hex(UInt64(unit), digits: 2)
                default: byte(unit)
                }
            }
        }
        byte(UInt8(ascii: "\""))
    }

    /// A JSON string, or null.
    func string(_ text: String?) {
        guard let text else { return raw("null") }
        string(text)
    }

    func bool(_ value: Bool) {
        if value { raw("true") } else { raw("false") }
    }

    func integer(_ value: Int) {
        integer(Int64(value))
    }

    func integer(_ value: Int64) {
        reserve(20)
        if value < 0 { byte(UInt8(ascii: "-")) }
        var rest = value.magnitude
        var digits = 1
        var limit: UInt64 = 10
        while digits < 19, rest >= limit {
            digits += 1
            limit &*= 10
        }
        var offset = count + digits
        count = offset
        repeat {
            offset -= 1
            memory.storeBytes(
                of: UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10),
                toByteOffset: offset,
                as: UInt8.self
            )
            rest /= 10
        } while offset > count - digits
    }

    func hex(_ value: UInt64, digits: Int) {
        reserve(digits)
        var shift = digits * 4
        for _ in 0..<digits {
            shift -= 4
            let nibble = UInt8(truncatingIfNeeded: (value >> UInt64(shift)) & 15)
            memory.storeBytes(of: nibble < 10 ? 48 + nibble : 87 + nibble, toByteOffset: count, as: UInt8.self)
            count += 1
        }
    }

    /// Unix seconds with up to six decimals; `timeForm` says what becomes of a zero fraction, and `none` is null.
    func time(_ moment: Instant) {
        guard !moment.isNone else { return raw("null") }
        let kept = timeForm.kept(moment)
        let (seconds, fraction) = kept.microseconds.quotientAndRemainder(dividingBy: 1_000_000)
        integer(seconds)
        if fraction == 0, timeForm == .float { raw(".0") }
        guard fraction != 0 else { return }
        byte(UInt8(ascii: "."))
        var rest = Int(fraction.magnitude)
        var place = 100_000
        while rest > 0 {
            byte(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest / place))
            rest %= place
            place /= 10
        }
    }

    /// A number kept in hundredths, without superfluous zeros: 8333 is `83.33`, 3750 is `37.5`; negative is null.
    func hundredths(_ value: Int) {
        guard value >= 0 else { return raw("null") }
        integer(value / 100)
        let fraction = value % 100
        guard fraction != 0 else { return }
        byte(UInt8(ascii: "."))
        byte(UInt8(ascii: "0") + UInt8(fraction / 10))
        if fraction % 10 != 0 { byte(UInt8(ascii: "0") + UInt8(fraction % 10)) }
    }

    func objectID(_ kind: ObjectID.Kind, _ number: UInt64) {
        byte(UInt8(ascii: "\""))
        hex(UInt64(kind.rawValue), digits: 8)
        hex(number, digits: 16)
        byte(UInt8(ascii: "\""))
    }

    /// Replaces the comma that ends a list of members or elements by the closing byte.
    func close(_ closing: UInt8) {
        if count > 0, memory.load(fromByteOffset: count - 1, as: UInt8.self) == UInt8(ascii: ",") { count -= 1 }
        byte(closing)
    }
}
