#!/usr/bin/env fish
# complete.fish PROGRAM FILE: what fish offers for some lines.
set -gx PATH (dirname (realpath $argv[1])) $PATH
source $argv[2]
set -g failed 0

# offers LINE WANTED...
function offers
    set -l found (complete -C $argv[1] | string replace -r '\t.*' '')
    for word in $argv[2..-1]
        if not contains -- $word $found
            echo "'$argv[1]' does not offer '$word' but: $found"
            set -g failed 1
        end
    end
end

offers 'bulla ' completion help
offers 'bulla comp' completion
offers 'bulla completion ' bash zsh fish
offers 'bulla completion --co' --color
offers 'bulla completion --color ' auto always never
offers 'bulla --color never completion ' zsh
offers 'bulla help comp' completion
exit $failed
