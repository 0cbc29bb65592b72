/// What the reader of `registrar.yaml` and the documents need of a ``SourceOption``, whatever its type.
package struct OptionDescription: Sendable {
    /// The shapes an option's value may have in `registrar.yaml`.
    package enum Shape: Sendable, Equatable {
        case string
        case integer
        case number
        case boolean
        /// `90s`, `15m`, `6h`, `30d`, or a bare number of seconds.
        case duration
        /// One of a closed set of words.
        case choice([String])
        case list
        /// A mapping whose values have the given shape.
        indirect case map(Shape)
    }

    /// What holds where the configuration says nothing.
    package enum Standard: Sendable, Equatable {
        case value(OptionValue)
        /// Nothing; the example shows what may be written.
        case none(example: OptionValue)
    }

    /// Whose stored values an option decides.
    package enum Reach: Sendable {
        /// Columns of `lms.learners`.
        case learners
        /// Rows of several tables.
        case everything
    }

    package let name: String
    package let shape: Shape
    package let standard: Standard
    /// What a number counts.
    package let unit: String?
    /// Where a whole number may lie; one beyond counts as the nearest within.
    package let bounds: ClosedRange<Int>?
    /// Whose stored values change with the option; `nil` where it decides only how and when something is read.
    package let reshapes: Reach?
    /// One sentence for the documents.
    package let help: String

    init(
        _ name: String,
        _ shape: Shape,
        _ standard: Standard,
        unit: String? = nil,
        bounds: ClosedRange<Int>? = nil,
        reshapes: Reach? = nil,
        help: String
    ) {
        self.name = name
        self.shape = shape
        self.standard = standard
        self.unit = unit
        self.bounds = bounds
        self.reshapes = reshapes
        self.help = help
    }

    /// The default, where there is one.
    package var defaultValue: OptionValue? {
        if case .value(let value) = standard { value } else { nil }
    }
}
