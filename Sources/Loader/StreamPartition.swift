/// A part of a stream: a course, a learner, or `""` for the whole of it.
package struct StreamPartition: Sendable {
    package let stream: String
    package let partition: String

    package init(_ stream: String, _ partition: String = "") {
        (self.stream, self.partition) = (stream, partition)
    }
}

// Ids are equal when their bytes are; Swift's String compares canonically.
extension StreamPartition: Hashable {
    package static func == (lhs: StreamPartition, rhs: StreamPartition) -> Bool {
        lhs.stream.utf8.elementsEqual(rhs.stream.utf8) && lhs.partition.utf8.elementsEqual(rhs.partition.utf8)
    }

    package func hash(into hasher: inout Hasher) {
        for byte in stream.utf8 { hasher.combine(byte) }
        hasher.combine(UInt8(0x1F))
        for byte in partition.utf8 { hasher.combine(byte) }
    }
}
