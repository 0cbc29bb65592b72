import JSON
package import Records

/// What a field said about a time.
package enum TimeReading: Hashable, Sendable {
    /// Nothing: absent, null, or what the platform sends for null.
    case none
    /// An instant inside the window.
    case time(Timestamp)
    /// Something that is no time, or one outside the window; noted.
    case unusable
}

/// How a time without a zone is read.
package enum ZoneRule: Sendable {
    /// Not at all: the field is void.
    case refused
    /// As UTC.
    case utc
    /// As the closure says; `nil` where the local time does not exist or exists twice.
    case local(@Sendable (ISOTime.Local) -> Timestamp?)

    /// The instant that a local time names.
    func instant(of local: ISOTime.Local) -> Timestamp? {
        switch self {
        case .refused: nil
        case .utc: local.asUTC
        case .local(let resolve): resolve(local)
        }
    }
}

extension RecordReader {
    /// Unix seconds, rounded to microseconds; void outside `window`, which defaults to what has happened.
    package mutating func timestampSeconds(
        _ name: StaticString,
        window: TimeWindow? = nil,
        zeroIsNull: Bool = false
    ) -> Timestamp? {
        guard case .time(let time) = secondsReading(name, window: window, zeroIsNull: zeroIsNull) else { return nil }
        return time
    }

    /// Unix seconds that the key or a watermark rests on; `nil` where there are none, a reject where they are wrong.
    package mutating func decisiveSeconds(_ name: StaticString) -> Timestamp? {
        switch secondsReading(name, window: nil, zeroIsNull: false) {
        case .time(let time): return time
        case .none: return nil
        case .unusable:
            fail(.unusableTime, name)
            return nil
        }
    }

    /// Unix seconds that must be there: their absence is a reject too.
    package mutating func keySeconds(_ name: StaticString) -> Timestamp {
        if let time = decisiveSeconds(name) { return time }
        fail(.unusableTime, name)
        return Timestamp(microsecondsSinceEpoch: 0)
    }

    /// Unix seconds and what kept them from being read.
    package mutating func secondsReading(
        _ name: StaticString,
        window: TimeWindow?,
        zeroIsNull: Bool
    ) -> TimeReading {
        guard let field = find(name) else { return .none }
        let time: Timestamp?
        switch field.value.kind {
        case .null: return .none
        case .number:
            time = field.value.numberBytes.flatMap { UnixTime.read($0) }
        case .string:
            guard let bytes = field.value.stringBytes, !bytes.isEmpty else { return .none }
            time = UnixTime.read(bytes) ?? midnight(of: bytes)
            if time != nil { normalize(field) }
        case .bool, .array, .object, .invalid:
            time = nil
        }
        if zeroIsNull, time?.microseconds == 0 { return .none }
        guard let time, (window ?? context.recorded).contains(time) else {
            void(field)
            return .unusable
        }
        return .time(time)
    }

    /// The instant of a bare date: midnight in the source's zone.
    private func midnight(of text: UnsafeRawBufferPointer) -> Timestamp? {
        guard case .local(let local, _) = ISOTime.read(text), local.isBareDate else { return nil }
        return context.dates.instant(of: local)
    }

    /// An ISO 8601 time; void outside `window`, which defaults to what has happened.
    ///
    /// A bare date is its midnight in the source's zone, whatever `zone` says of times without one.
    package mutating func timestampISO(
        _ name: StaticString,
        zone: ZoneRule = .refused,
        window: TimeWindow? = nil
    ) -> Timestamp? {
        guard case .time(let time) = isoReading(name, zone: zone, window: window) else { return nil }
        return time
    }

    /// An ISO 8601 time and what kept it from being read; `""` is none.
    package mutating func isoReading(_ name: StaticString, zone: ZoneRule, window: TimeWindow?) -> TimeReading {
        guard let field = find(name), !field.value.isNull else { return .none }
        guard let bytes = field.value.stringBytes else {
            void(field)
            return .unusable
        }
        if bytes.isEmpty { return .none }
        var time: Timestamp?
        switch ISOTime.read(bytes) {
        case .instant(let instant, let wasNormalized):
            time = instant
            if wasNormalized { normalize(field) }
        case .local(let local, let wasNormalized):
            time = (local.isBareDate ? context.dates : zone).instant(of: local)
            if wasNormalized { normalize(field) }
        case .invalid: time = nil
        }
        guard let time, (window ?? context.recorded).contains(time) else {
            void(field)
            return .unusable
        }
        return .time(time)
    }
}
