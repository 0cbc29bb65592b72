/// Something that keeps the simulator from starting or from doing what control asked.
package struct SimulatorError: Error, Sendable, CustomStringConvertible {
    /// What happened, to what, and what to do.
    package var description: String

    init(_ description: String) {
        self.description = description
    }
}
