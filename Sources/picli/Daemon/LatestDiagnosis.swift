import Site

/// What the unit has found when it last looked at itself.
actor LatestDiagnosis {
    private(set) var document: DiagnosisDocument?

    func take(_ document: DiagnosisDocument) { self.document = document }
}
