/// Ids: the number of a record in its table, and the number of the database.
extension BlackboardSite {
    static let firstTerm = 7
    static let firstCourse = 501
    static let firstUser = 310
    static let firstMember = 9001
    static let firstColumn = 7001
    static let firstAttempt = 55_001

    func number(ofTerm index: Int32) -> Int { Self.firstTerm + Int(index) + faults.idShift }
    func number(ofCourse index: Int32) -> Int { Self.firstCourse + Int(index) + faults.idShift }
    func number(ofUser index: Int32) -> Int { Self.firstUser + Int(index) + faults.idShift }
    func number(ofMember index: Int32) -> Int { Self.firstMember + Int(index) + faults.idShift }
    func number(ofColumn index: Int32) -> Int { Self.firstColumn + Int(index) + faults.idShift }
    func number(ofAttempt index: Int32) -> Int { Self.firstAttempt + Int(index) + faults.idShift }

    static func id(_ number: Int) -> String { "_\(number)_1" }

    /// The number inside a primary id.
    private func number(in id: String) -> Int? {
        guard id.hasPrefix("_"), id.hasSuffix("_1") else { return nil }
        return Int(id.dropFirst().dropLast(2))
    }

    private func index(_ id: String, first: Int, count: Int) -> Int32? {
        guard let number = number(in: id) else { return nil }
        let index = number - first - faults.idShift
        return (0..<count).contains(index) ? Int32(index) : nil
    }

    func findTerm(_ id: String) -> Int32? {
        index(id, first: Self.firstTerm, count: school.terms.count).flatMap {
            school.terms[Int($0)].isDeleted ? nil : $0
        }
    }

    /// A course by primary id, or by `courseId:` and `externalId:`, which hold the same text here.
    func findCourse(_ id: String) -> Int32? {
        if id.hasPrefix("courseId:") || id.hasPrefix("externalId:") {
            let code = id.drop { $0 != ":" }.dropFirst()
            return school.courseOrder.first { school.courses[Int($0)].code == code }
        }
        return index(id, first: Self.firstCourse, count: school.courses.count).flatMap {
            school.courses[Int($0)].isDeleted ? nil : $0
        }
    }

    /// A user that the account may see.
    func findUser(_ id: String) -> Int32? {
        let index =
            if id.hasPrefix("userName:") {
                school.userOrder.first { school.users[Int($0)].userName == id.dropFirst(9) }
            } else {
                index(id, first: Self.firstUser, count: school.users.count)
            }
        guard let index, !school.users[Int(index)].isDeleted, !school.users[Int(index)].isSystemAdmin else {
            return nil
        }
        return index
    }

    /// A user's membership below a course's path.
    func findMember(_ id: String, in course: Int32) -> Int32? {
        guard let user = index(id, first: Self.firstUser, count: school.users.count) else { return nil }
        return school.users[Int(user)].members.first { index in
            let member = school.members[Int(index)]
            return !member.isRemoved && (member.course == course || member.child == course)
        }
    }

    /// A column of a course; `finalGrade` names the course total.
    func findColumn(_ id: String, in course: Int32) -> Int32? {
        if id == "finalGrade" {
            return school.courses[Int(course)].columns.first { school.columns[Int($0)].isExternalGrade }
        }
        return index(id, first: Self.firstColumn, count: school.columns.count).flatMap { index in
            let column = school.columns[Int(index)]
            return column.isDeleted || column.course != course ? nil : index
        }
    }

    /// A uuid that belongs to the record, not to its id: it stays when ids move.
    static func uuid(_ kind: UInt64, _ index: Int32) -> String {
        let writer = ByteWriter(capacity: 32)
        let key = kind << 32 | UInt64(UInt32(bitPattern: index))
        writer.hex(RandomSource.mix(key &+ 0x1234_5678), digits: 16)
        writer.hex(RandomSource.mix(key &* 0x9E37_79B9_7F4A_7C15), digits: 16)
        return writer.text
    }
}
