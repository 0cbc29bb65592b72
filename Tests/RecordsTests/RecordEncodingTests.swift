import Records
import Testing

@Suite struct RecordEncodingTests {
    private static let points = Numeric(10)
    private static let ten: [UInt8] = [0, 1, 0, 0, 0, 0, 0, 0, 0, 10]

    /// Encodes one record both ways, checks that they agree, and returns the fields without the ordinal.
    private func fields<R: Record>(
        _ record: R,
        sourceLocation: SourceLocation = #_sourceLocation
    ) -> [[UInt8]?] {
        var single = CopyBuffer()
        record.encode(into: &single, ordinal: 41)
        record.encode(into: &single, ordinal: 42)
        var several = CopyBuffer()
        R.encode([record, record], into: &several, firstOrdinal: 41)
        #expect(single == several, sourceLocation: sourceLocation)

        var rows = BinaryRows(single)
        _ = rows.nextRow()
        var row = rows.nextRow()
        #expect(rows.isAtEnd, sourceLocation: sourceLocation)
        #expect(row.count == R.table.stagingColumns.count, sourceLocation: sourceLocation)
        #expect(row.removeLast() == bigEndian(Int64(42)), sourceLocation: sourceLocation)
        return row
    }

    @Test func term() {
        let record = Term(
            termID: "t",
            title: "Fall",
            type: "DateRange",
            startsAt: instant(1),
            endsAt: instant(2),
            parentTermID: "p",
            status: "active"
        )
        #expect(
            fields(record) == [text("t"), text("Fall"), text("DateRange"), time(1), time(2), text("p"), text("active")]
        )
        #expect(fields(Term(termID: "t")) == [text("t"), nil, nil, nil, nil, nil, nil])
    }

    @Test func organization() {
        let record = Organization(organizationID: "o", name: "Plant 7", description: "d", isInternal: false)
        #expect(fields(record) == [text("o"), text("Plant 7"), text("d"), [0]])
        #expect(fields(Organization(organizationID: "o")) == [text("o"), nil, nil, nil])
    }

    @Test func course() {
        let record = Course(
            courseID: "c",
            title: "Fire Safety & You",
            code: "FS",
            description: "",
            status: "active",
            category: "safety",
            termID: "t",
            parentCourseID: "p",
            url: "https://example.org",
            startsAt: instant(1),
            endsAt: instant(2),
            createdAt: instant(3),
            modifiedAt: instant(-4),
            customFields: JSONText(#"{"a":1}"#)
        )
        #expect(
            fields(record) == [
                text("c"), text("Fire Safety & You"), text("FS"), [], text("active"), text("safety"), text("t"),
                text("p"),
                text("https://example.org"), time(1), time(2), time(3), time(-4), json(#"{"a":1}"#),
            ]
        )
    }

    @Test func courseUnit() {
        let record = CourseUnit(
            courseID: "c",
            unitID: "u",
            sectionID: "s",
            sectionTitle: "Intro",
            sectionPosition: 1,
            title: "Test",
            type: "pdf",
            position: 2,
            assessmentID: "a",
            access: "free"
        )
        #expect(
            fields(record) == [
                text("c"), text("u"), text("s"), text("Intro"), bigEndian(Int32(1)), text("Test"), text("pdf"),
                bigEndian(Int32(2)),
                text("a"), text("free"),
            ]
        )
    }

    @Test func assessment() {
        let record = Assessment(
            assessmentID: "a",
            courseID: "c",
            title: "Quiz",
            type: "quiz",
            scope: "assessment",
            category: "Tests",
            categoryID: "k",
            pointsPossible: Self.points,
            passPercent: Self.points,
            weight: Self.points,
            grading: "normal",
            available: true,
            opensAt: instant(1),
            dueAt: instant(2),
            position: 3,
            externalID: "x",
            unitID: "u",
            createdAt: instant(4),
            modifiedAt: instant(5)
        )
        let noVersion = [bigEndian(Int64(0)), bigEndian(Int64(0)), []]
        #expect(
            fields(record) == [
                text("a"), text("c"), text("Quiz"), text("quiz"), text("assessment"), text("Tests"), text("k"),
                Self.ten, Self.ten, Self.ten, text("normal"), [1], time(1), time(2), bigEndian(Int32(3)), text("x"),
                text("u"), time(4), time(5),
            ] + noVersion
        )
        let stub = fields(Assessment(assessmentID: "a", courseID: "c", isStub: true))
        #expect(stub[19] == bigEndian(RecordVersion.insertOnly))
        #expect(Assessment.table.hasInsertOnlyRows)
    }

    @Test func learner() {
        let record = Learner(
            learnerID: "l",
            username: "Ada L",
            email: "ada@example.org",
            firstName: "Ada",
            lastName: "L",
            externalID: "7",
            role: "learner",
            roles: ["y"],
            status: "active",
            tags: ["x"],
            organizationID: "o",
            jobTitleID: "j",
            createdAt: instant(1),
            archivedAt: instant(2),
            firstLoginAt: instant(3),
            lastLoginAt: instant(4),
            loginCount: 5,
            customFields: JSONText("{}")
        )
        #expect(
            fields(record) == [
                text("l"), text("Ada L"), text("ada@example.org"), text("Ada"), text("L"), text("7"), text("learner"),
                [0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 25, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 121], text("active"),
                [0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 25, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 120], text("o"),
                text("j"), time(1), time(2), time(3), time(4), bigEndian(Int32(5)), json("{}"),
            ]
        )
    }

    @Test func enrollment() {
        let record = Enrollment(
            courseID: "c",
            learnerID: "l",
            role: "learner",
            status: "active",
            method: "manual",
            enrolledAt: instant(1),
            expiresAt: instant(2),
            startedAt: instant(3),
            lastAccessedAt: instant(4),
            suspendedAt: instant(6),
            endedAt: instant(5),
            parentCourseID: "p"
        )
        #expect(
            fields(record) == [
                text("c"), text("l"), text("learner"), text("active"), text("manual"), time(1), time(2), time(3),
                time(4), time(6), time(5),
                text("p"),
            ]
        )
    }

    @Test func progress() {
        let record = Progress(
            courseID: "c",
            learnerID: "l",
            status: "completed",
            progressRate: Self.points,
            averageScoreRate: Self.points,
            timeOnCourseSeconds: 840,
            completedUnits: 3,
            totalUnits: 8,
            startedAt: instant(1),
            lastAccessedAt: instant(2),
            completedAt: instant(3),
            finalLetter: "A",
            parentCourseID: "p"
        )
        #expect(
            fields(record) == [
                text("c"), text("l"), text("completed"), Self.ten, Self.ten, bigEndian(Int64(840)), bigEndian(Int32(3)),
                bigEndian(Int32(8)), time(1), time(2), time(3), text("A"), text("p"),
            ]
        )
    }

    @Test func unitProgress() {
        let record = UnitProgress(
            courseID: "c",
            learnerID: "l",
            unitID: "u",
            sectionID: "s",
            unitTitle: "T",
            unitType: "pdf",
            status: "completed",
            progressRate: Self.points,
            scoreRate: Self.points,
            timeOnUnitSeconds: 55,
            completedAt: instant(1)
        )
        #expect(
            fields(record) == [
                text("c"), text("l"), text("u"), text("s"), text("T"), text("pdf"), text("completed"), Self.ten,
                Self.ten,
                bigEndian(Int64(55)), time(1),
            ]
        )
    }

    @Test func certificate() {
        let record = Certificate(
            learnerID: "l",
            certificateID: "k",
            courseID: "c",
            templateID: "d",
            title: "T",
            type: "completion",
            issuedAt: instant(1),
            expiresAt: instant(2),
            score: "OK",
            status: "issued"
        )
        #expect(
            fields(record) == [
                text("l"), text("k"), text("c"), text("d"), text("T"), text("completion"), time(1), time(2), text("OK"),
                text("issued"),
            ]
        )
    }

    @Test func grade() {
        var record = Grade(
            courseID: "c",
            learnerID: "l",
            assessmentID: "a",
            score: Self.points,
            pointsPossible: Self.points,
            percent: Self.points,
            letter: "A",
            status: "graded",
            exempt: false,
            overridden: true,
            overriddenAt: instant(1),
            submittedAt: instant(2),
            gradedAt: instant(3),
            parentCourseID: "p",
            submissionID: "s"
        )
        let shift: Int64 = 946_684_800_000_000
        #expect(
            fields(record) == [
                text("c"), text("l"), text("a"), Self.ten, Self.ten, Self.ten, text("A"), text("graded"), [0], [1],
                time(1), time(2),
                time(3), nil, text("p"), bigEndian(2_000_000 + shift), bigEndian(3_000_000 + shift), text("s"),
            ]
        )
        record.changeIndex = 7_904_733
        #expect(
            fields(record)[13...] == [
                bigEndian(Int64(7_904_733)), text("p"), bigEndian(Int64(7_904_733)), bigEndian(Int64(0)), [],
            ]
        )
        #expect(Grade(courseID: "c", learnerID: "l", assessmentID: "a").version.primary == Int64.max)
    }

    @Test func assessmentResponse() {
        let record = AssessmentResponse(
            learnerID: "l",
            responseID: "r",
            assessmentID: "a",
            courseID: "c",
            submittedAt: instant(1),
            score: Self.points,
            percent: Self.points,
            passed: true,
            answers: JSONText("[]")
        )
        #expect(
            fields(record) == [
                text("l"), text("r"), text("a"), text("c"), time(1), Self.ten, Self.ten, [1], json("[]"),
            ]
        )
    }

    @Test func event() {
        let record = Event(
            eventID: "e",
            occurredAt: instant(1),
            activity: "login",
            learnerID: "l",
            courseID: "c",
            unitID: "u",
            description: "d",
            payload: JSONText("{}")
        )
        #expect(
            fields(record) == [
                text("e"), time(1), text("login"), text("l"), text("c"), text("u"), text("d"), json("{}"),
            ]
        )
    }
}
