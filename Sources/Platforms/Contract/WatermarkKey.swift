package import Records

/// A member of a watermark's position: its name and the type of its value.
///
/// Names are stored in users' warehouses and never change. Members that several platforms use are declared here, those of
/// one platform beside its lists.
package struct WatermarkKey<Value: Sendable>: Sendable {
    package let name: String

    package init(_ name: String) {
        self.name = name
    }
}

extension WatermarkKey<Timestamp> {
    /// When the stream's baseline began; written by the run.
    package static var baselineAt: Self { Self("baseline_at") }
    /// When a part was last read.
    package static var readAt: Self { Self("read_at") }
    /// When a part was last read whole, so that nothing of it can have been missed.
    package static var verifiedAt: Self { Self("verified_at") }
    /// When all of a stream was last read.
    package static var fullAt: Self { Self("full_at") }
    /// When a list of the whole school was last walked.
    package static var walkedAt: Self { Self("walked_at") }
}

extension MarkPosition {
    package subscript(key: WatermarkKey<Timestamp>) -> Timestamp? {
        get { time(key.name) }
        set { set(key.name, newValue) }
    }

    package subscript(key: WatermarkKey<Int64>) -> Int64? {
        get { integer(key.name) }
        set { set(key.name, integer: newValue) }
    }

    package subscript(key: WatermarkKey<String>) -> String? {
        get { text(key.name) }
        set { set(key.name, text: newValue) }
    }

    /// An absent list is an empty one.
    package subscript(key: WatermarkKey<[String]>) -> [String] {
        get { list(key.name) }
        set { set(key.name, list: newValue) }
    }
}
