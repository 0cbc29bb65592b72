package import LMSSimulator
package import Logging

/// What kind of school a test wants, and how the source is configured.
package struct SchoolOptions: Sendable {
    /// Which product's names the school uses; also the source's kind.
    package var kind: LearnWorldsProduct
    /// The school.
    package var school: School
    /// Switches that are on from the start.
    package var faults: Faults
    /// Where the school's time begins.
    package var clock: ClockStart
    /// Lines put under the source in `registrar.yaml`, such as `streams: [courses]`.
    package var sourceLines: [String]
    /// Lines put under the source's `options:`.
    package var optionLines: [String]
    /// Where the runs log.
    package var logger: Logger

    package init(
        kind: LearnWorldsProduct = .grow,
        school: School = GeneratedSchool.make(),
        faults: Faults = Faults(),
        clock: ClockStart = .standard,
        sourceLines: [String] = [],
        optionLines: [String] = [],
        logger: Logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    ) {
        self.kind = kind
        self.school = school
        self.faults = faults
        self.clock = clock
        self.sourceLines = sourceLines
        self.optionLines = optionLines
        self.logger = logger
    }
}
