extension MatrixChange {
    mutating func newLearner() -> ChangeRecord? {
        let id = school.newID()
        var user = MatrixUser(
            id: id,
            userid: "newcomer.\(id)",
            firstName: Vocabulary.firstNames[random.below(Vocabulary.firstNames.count)],
            lastName: Vocabulary.lastNames[random.below(Vocabulary.lastNames.count)],
            email: "newcomer\(id)@example.test",
            roles: .student,
            studentID: "S-\(id)",
            joinedAt: moment
        )
        user.organization = school.organizationOrder.first ?? -1
        let index = school.add(user)
        return record(.newLearner, user: index)
    }

    mutating func profileEdit() -> ChangeRecord? {
        guard let index = pickUser(where: { _ in true }) else { return nil }
        switch random.below(3) {
        case 0: school.users[index].lastName = "Edited-\(random.below(100_000))"
        case 1: school.users[index].email = "edited\(random.below(100_000))@example.test"
        default: school.users[index].studentID = "E-\(random.below(100_000))"
        }
        return record(.profileEdit, user: Int32(index))
    }

    mutating func learnerArchived() -> ChangeRecord? {
        guard let index = pickUser(where: { $0.roles.contains(.student) }) else { return nil }
        school.users[index].isArchived.toggle()
        school.users[index].archivedAt = school.users[index].isArchived ? moment : .none
        return record(.learnerArchived, user: Int32(index))
    }

    mutating func learnerDeleted() -> ChangeRecord? {
        guard let index = pickUser(where: { $0.roles.contains(.student) }) else { return nil }
        school.users[index].isDeleted = true
        school.userOrder.removeAll { $0 == Int32(index) }
        return record(.learnerDeleted, user: Int32(index))
    }

    mutating func learnerRestored() -> ChangeRecord? {
        guard let index = pick(below: school.users.count, where: { school, index in school.users[index].isDeleted })
        else { return nil }
        school.users[index].isDeleted = false
        school.userOrder.append(Int32(index))
        return record(.learnerRestored, user: Int32(index))
    }

    mutating func login() -> ChangeRecord? {
        guard let index = pickUser(where: { !$0.isArchived }) else { return nil }
        signIn(Int32(index))
        // Asked for without a login there is nothing left of it.
        return request.movesLastLogin ? record(.login, user: Int32(index)) : nil
    }

    // MARK: organizations, which are walked once a day

    mutating func organizationCreated() -> ChangeRecord? {
        let id = school.newID()
        school.add(MatrixOrganization(id: id, name: "New organization \(id)", description: nil))
        return record(.organizationCreated)
    }

    mutating func organizationEdited() -> ChangeRecord? {
        guard !school.organizationOrder.isEmpty else { return nil }
        let index = Int(school.organizationOrder[random.below(school.organizationOrder.count)])
        school.organizations[index].name = "Renamed organization \(random.below(100_000))"
        return record(.organizationEdited)
    }

    mutating func organizationDeleted() -> ChangeRecord? {
        guard school.organizationOrder.count > 1 else { return nil }
        let index = school.organizationOrder.remove(at: random.below(school.organizationOrder.count))
        school.organizations[Int(index)].isDeleted = true
        for place in school.users.indices where school.users[place].organization == index {
            school.users[place].organization = -1
        }
        return record(.organizationDeleted)
    }
}
