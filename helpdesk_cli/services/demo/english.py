"""The demo's stories in English, the notes of its agents and its one unwanted message."""

from __future__ import annotations

from helpdesk_cli.services.demo.stories import Phrases, Story

ENGLISH = Phrases(
    stories=(
        Story(
            "technical", "critical", "incident",
            "No card payment goes through, in any branch",
            "For some minutes now every terminal says \"host not reachable\".\n"
            "All branches are open and the queues are growing. Please call me at once.",
            "We are on it. Does any terminal still work, and has anything changed in your network today?",
            "Not one works. Our provider replaced a router this morning, nothing else.",
            "The new router had lost the route to the payment hosts. Your provider has put it back,\n"
            "and payments have gone through since. We keep watching it for the next hours.",
        ),
        Story(
            "technical", "critical", "incident",
            "The web shop shows an empty page to everyone",
            "Customers and we ourselves see a white page, on every device, since the top of the hour.",
            "Thank you, we see it as well. Did you install anything in the shop today?",
            "The agency added a new banner shortly before. They cannot be reached.",
            "The banner's script stopped every page. We switched it off and the shop is back.\n"
            "Your agency finds the error message in the log of today.",
        ),
        Story(
            "technical", "urgent", "incident",
            "Nobody can sign in since last night's update",
            "The sign-in page takes the password and then comes back, without an error. Forty people wait.",
            "Does it help to open the page in a private window?",
            "Yes! In a private window it works for two of us.",
            "Old cookies were the cause. We made the server discard them, so everybody can sign in again\n"
            "without doing anything.",
        ),
        Story(
            "technical", "urgent", "incident",
            "Warehouse scanners lose their connection every few minutes",
            "All hand scanners in hall {n} drop out and come back. Picking is at a standstill.",
            "Since when, and do laptops in the same hall keep their connection?",
            "Since about six. The laptops are fine.",
            "The scanners had taken a firmware that cannot handle your channel plan. We rolled it back;\n"
            "the last one came online ten minutes ago.",
        ),
        Story(
            "technical", "high", "incident",
            "Nightly export stops at {n} rows",
            "The export of last night is incomplete again: it ends after {n} rows, without a message.",
            "Could you send us the name of the export and the time at which it starts?",
            "It is called stock-full and starts at 02:30.",
            "It ran into the nightly restart. It now starts at 01:15, and today's file has been made again.",
        ),
        Story(
            "technical", "high", "incident",
            "Reports still show yesterday's figures",
            "It is past ten and the dashboard has not moved since yesterday evening.",
            "Is it all reports, or only those on sales?",
            "All of them, as far as I can see.",
            "The loading job waited for a file that came late. We loaded it by hand and it will now wait\n"
            "only half an hour before it tells us.",
        ),
        Story(
            "technical", "normal", "incident",
            "Labels are cut off on the right",
            "On the new printer the last two digits of each number are missing. Order {n} is an example.",
            "Which paper size does the printer's driver show, and what is in the tray?",
            "The driver says A4, the tray holds 100 x 150 mm.",
            "Please set the driver to 100 x 150 mm; the screenshot attached to our guide shows where.\n"
            "The test label printed well here.",
        ),
        Story(
            "technical", "normal", "incident",
            "Search does not find names with an umlaut",
            "Searching for Müller finds nothing, searching for Muller finds everybody but them.",
            "Is it the search on the web or in the desktop program?",
            "On the web. The desktop program finds them.",
            "The web search used an old index. We built it anew; Müller, Jörg and Zoë are found now.",
        ),
        Story(
            "technical", "low", "question",
            "How do I change the language of one account?",
            "A colleague from Lyon joins us and would like the program in French. Where do I set that?",
            "Does she sign in with her own account or with a shared one?",
            "With her own.",
            "Under Settings, Profile, Language. It counts from the next sign-in on.",
        ),
        Story(
            "technical", "low", "question",
            "Can old orders be archived?",
            "Our list has grown to {n} orders. Is there a way to put the old ones away without losing them?",
            "From what age on would you like them to be away?",
            "Two years would be right.",
            "There is: Orders, Archive, older than 24 months. They stay searchable.",
        ),
        Story(
            "activation", "high", "incident",
            "Activation code {n} is refused",
            "The installer says that the code has been used. We never used it, and the shop opens tomorrow.",
            "Please send us the machine id that the installer shows below the code.",
            "It is 7F-22-{n}.",
            "The code had been typed in on a test machine in March. It is free again and works on yours.",
        ),
        Story(
            "activation", "normal", "request",
            "Please activate our new site",
            "From Monday on we have a second office with six desks. What do you need from us?",
            "The address, the names of the users and the day on which they start, please.",
            "Harbour Street 14, the list is in the attached sheet, they start on Monday at eight.",
            "The site is active and the six invitations are on their way.",
        ),
        Story(
            "activation", "low", "question",
            "Moving a licence to another laptop",
            "The old laptop has died. How do we get its licence onto the new one?",
            "What name did the old one have in your list of devices?",
            "LAPTOP-{n}.",
            "We released it. Sign in on the new one and it takes the free licence by itself.",
        ),
        Story(
            "financial", "high", "complaint",
            "Account blocked although invoice {n} is paid",
            "We paid on the third, and this morning the account says \"blocked, payment overdue\".",
            "Could you send us the reference of the transfer?",
            "It is MB-{n}-03, from our main account.",
            "The transfer was booked to your old customer number. We moved it, lifted the block\n"
            "and apologise for the trouble.",
        ),
        Story(
            "financial", "normal", "complaint",
            "Invoice {n} was charged twice",
            "Our card was charged two times for the same invoice, on the same day.",
            "Are both amounts booked, or is one of them marked as reserved?",
            "Both are booked since yesterday.",
            "You are right. The second amount goes back to your card today; banks take up to three days.",
        ),
        Story(
            "financial", "low", "question",
            "Copy of invoice {n}",
            "Our bookkeeper cannot find invoice {n}. Could you send it again?",
            "To this address, or straight to your bookkeeper?",
            "To me, please.",
            "It is attached. You also find all of them under Account, Invoices.",
        ),
        Story(
            "sales", "normal", "request",
            "Offer for the planning module before Friday",
            "Our board decides on Friday. We would need an offer for 25 users, for one year and for three.",
            "Would you like the training included?",
            "Yes, one day for everybody.",
            "The offer is in your inbox, with both terms and the training as a separate line.",
        ),
        Story(
            "sales", "low", "question",
            "Price for twenty more users",
            "We are growing. What would twenty more users cost until the end of the year?",
            "All of them with the full module, or some as readers?",
            "Five full, fifteen readers.",
            "The sheet is attached. From twenty on the next price step applies, which makes it 8 % less.",
        ),
    ),
    thanks=(
        "Perfect, thank you!",
        "That was quick, thank you very much.",
        "Confirmed from our side, you may close it.",
        "All is well now, thanks for the help.",
    ),
    waiting=(
        "We asked the manufacturer and expect an answer within two days. You hear from us then.",
        "The spare part is ordered. We come back to you when it has arrived.",
    ),
    again=(
        "Sorry, it is back since this morning, exactly as before.",
        "It worked for a day and now we see the same again.",
    ),
    sorry=(
        "We found the second cause: the old setting came back with the nightly job. Now it is gone for good.",
        "One of two servers had not taken the change. Both have it now, and we checked them one by one.",
    ),
    nudge=("Is there any news on this?", "May I ask how it looks? People here keep asking me."),
)  # fmt: skip

NOTES = (
    "Called them: the contact is in meetings until noon.",
    "Careful with this one, their renewal is due in two weeks.",
    "They asked the same last month; the answer of then is still right.",
)
NOTES_ON_INCIDENTS = (
    "Same as last month; the fix then was the cache on node 2.",
    "Asked the network people; they will look at it after lunch.",
    "Could not reproduce it here with the current version.",
    "The log of last night is in the shared folder.",
)

UNWANTED = Story(
    "sales", "normal", "question",
    "Be first in every search engine, guaranteed",
    "Dear owner, our experts put your site on page one within a week. Reply YES to begin.",
    "", "", "",
)  # fmt: skip
