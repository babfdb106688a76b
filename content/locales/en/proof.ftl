# Evidence bundles
entry-bundle-exported = Handed out an evidence bundle: { $entries } entries, { $files } files of evidence (SHA-256 of its list: { $manifest_sha256 })

proof-title = Proof
proof-link = Evidence bundle and proof
bundle-title = Evidence bundle
bundle-lead = One ZIP file that anybody can check without this server: the report, the timeline ({ $entries } entries), the digests of all sealed files, signed checkpoints, and a checker. Making one is recorded on the timeline.
bundle-contents = What comes along
bundle-payloads = What the entries tell
bundle-payloads-hint = Without it, entries carry hashes and times only, and the report names staff by what they do, as for an authority.
bundle-files = The evidence files themselves, unencrypted
bundle-files-hint = Lists of affected people never come along. Taking files out is recorded for each of them.
bundle-locale = Language of the report
bundle-others = Checkpoints also show how many incidents this server has and when they were declared, without their content.
bundle-make = Make the bundle
proof-key-title = Write this fingerprint down elsewhere
proof-key-lead = It names the key that signs checkpoints and bundles. Whoever receives a bundle needs it from you by another way: on paper, by telephone.
proof-newest = Newest checkpoint: number { $number },
proof-no-checkpoint = There is no checkpoint yet; making a bundle makes one.
proof-check-title = How it is checked
proof-check-lead = Without a network, by the program in the bundle or by ours, with the fingerprint:
proof-shows = A check shows that entries, their order, their times and the files are those that were signed.
proof-shows-not = It does not show that what people wrote was true, nor that the clock was right.
proof-keep = Keep bundles or checkpoints outside this server: whoever holds its key cannot change those.
