extension SourceOption where Value == String {
    /// A text.
    package static func text(
        _ name: String,
        default standard: String,
        reshapes: OptionDescription.Reach? = nil,
        help: String
    ) -> SourceOption {
        SourceOption(
            OptionDescription(name, .string, .value(.string(standard)), reshapes: reshapes, help: help),
            standard: standard,
            decode: { $0.text },
            encode: OptionValue.string
        )
    }

    /// One of some words.
    package static func choice(
        _ name: String,
        of words: [String],
        default standard: String,
        help: String
    ) -> SourceOption {
        SourceOption(
            OptionDescription(name, .choice(words), .value(.string(standard)), help: help),
            standard: standard,
            decode: { $0.text },
            encode: OptionValue.string
        )
    }
}

extension SourceOption where Value == String? {
    /// A text that need not be there.
    package static func text(
        _ name: String,
        example: String,
        reshapes: OptionDescription.Reach? = nil,
        help: String
    ) -> SourceOption {
        SourceOption(
            OptionDescription(name, .string, .none(example: .string(example)), reshapes: reshapes, help: help),
            standard: nil,
            decode: { $0.text },
            encode: { $0.map(OptionValue.string) }
        )
    }

    /// One of some words, or none.
    package static func choice(_ name: String, of words: [String], example: String, help: String) -> SourceOption {
        SourceOption(
            OptionDescription(name, .choice(words), .none(example: .string(example)), help: help),
            standard: nil,
            decode: { $0.text },
            encode: { $0.map(OptionValue.string) }
        )
    }
}

extension SourceOption where Value: RawRepresentable & CaseIterable, Value.RawValue == String {
    /// One of the words that `Value` has.
    static func word(_ name: String, default standard: Value, help: String) -> SourceOption {
        SourceOption(
            OptionDescription(
                name,
                .choice(Value.allCases.map(\.rawValue)),
                .value(.string(standard.rawValue)),
                help: help
            ),
            standard: standard,
            decode: { $0.text.flatMap(Value.init) },
            encode: { .string($0.rawValue) }
        )
    }
}

extension SourceOption where Value == Duration {
    /// A length of time.
    package static func duration(_ name: String, default standard: Duration, help: String) -> SourceOption {
        SourceOption(
            OptionDescription(name, .duration, .value(.duration(standard)), help: help),
            standard: standard,
            decode: { $0.duration },
            encode: OptionValue.duration
        )
    }
}

extension SourceOption where Value == Duration? {
    /// A length of time that need not be there.
    package static func duration(_ name: String, example: Duration, help: String) -> SourceOption {
        SourceOption(
            OptionDescription(name, .duration, .none(example: .duration(example)), help: help),
            standard: nil,
            decode: { $0.duration },
            encode: { $0.map(OptionValue.duration) }
        )
    }
}

extension SourceOption where Value == Int {
    /// A whole number; one beyond `bounds` counts as the nearest within.
    package static func integer(
        _ name: String,
        default standard: Int,
        in bounds: ClosedRange<Int>? = nil,
        unit: String,
        help: String
    ) -> SourceOption {
        SourceOption(
            OptionDescription(name, .integer, .value(.integer(standard)), unit: unit, bounds: bounds, help: help),
            standard: standard,
            decode: { value in
                guard case .integer(let number) = value else { return nil }
                return number.clamped(to: bounds)
            },
            encode: OptionValue.integer
        )
    }
}

extension SourceOption where Value == Double {
    /// A number, with or without a fraction.
    package static func number(
        _ name: String,
        default standard: Double,
        unit: String,
        help: String
    ) -> SourceOption {
        SourceOption(
            OptionDescription(name, .number, .value(.number(standard)), unit: unit, help: help),
            standard: standard,
            decode: { value in
                switch value {
                case .number(let number): number
                case .integer(let number): Double(number)
                default: nil
                }
            },
            encode: OptionValue.number
        )
    }
}

extension SourceOption where Value == Bool {
    /// Yes or no.
    package static func flag(_ name: String, default standard: Bool, help: String) -> SourceOption {
        SourceOption(
            OptionDescription(name, .boolean, .value(.boolean(standard)), help: help),
            standard: standard,
            decode: { if case .boolean(let flag) = $0 { flag } else { nil } },
            encode: OptionValue.boolean
        )
    }
}

extension SourceOption where Value == [String] {
    /// Several texts.
    package static func list(
        _ name: String,
        default standard: [String],
        reshapes: OptionDescription.Reach? = nil,
        help: String
    ) -> SourceOption {
        SourceOption(
            OptionDescription(name, .list, .value(.list(standard)), reshapes: reshapes, help: help),
            standard: standard,
            decode: { if case .list(let values) = $0 { values } else { nil } },
            encode: OptionValue.list
        )
    }
}

extension SourceOption where Value == [String: String] {
    /// A text for each of some keys; none where nothing is configured.
    package static func texts(_ name: String, example: [String: String], help: String) -> SourceOption {
        SourceOption(
            OptionDescription(name, .map(.string), .none(example: .texts(example)), help: help),
            standard: [:],
            decode: { value in
                guard case .map(let entries) = value else { return nil }
                return entries.compactMapValues(\.text)
            },
            encode: OptionValue.texts
        )
    }
}

extension SourceOption where Value == [String: Int] {
    /// A whole number for each of some keys; none where nothing is configured.
    package static func integers(
        _ name: String,
        example: [String: Int],
        in bounds: ClosedRange<Int>? = nil,
        help: String
    ) -> SourceOption {
        let encode: @Sendable ([String: Int]) -> OptionValue = { .map($0.mapValues(OptionValue.integer)) }
        return SourceOption(
            OptionDescription(name, .map(.integer), .none(example: encode(example)), help: help),
            standard: [:],
            decode: { value in
                guard case .map(let entries) = value else { return nil }
                return entries.compactMapValues { entry in
                    if case .integer(let number) = entry { number.clamped(to: bounds) } else { nil }
                }
            },
            encode: encode
        )
    }
}

extension Int {
    fileprivate func clamped(to bounds: ClosedRange<Int>?) -> Int {
        bounds.map { Swift.min(Swift.max(self, $0.lowerBound), $0.upperBound) } ?? self
    }
}

extension OptionValue {
    fileprivate var text: String? { if case .string(let text) = self { text } else { nil } }
    fileprivate var duration: Duration? { if case .duration(let duration) = self { duration } else { nil } }

    @Sendable fileprivate static func texts(_ entries: [String: String]) -> OptionValue {
        .map(entries.mapValues(OptionValue.string))
    }
}
