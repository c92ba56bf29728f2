
_kmemlab()
{
	local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} mode='' i
	COMPREPLY=()

	# "--glyphs=asc" comes as three words.
	if [[ $word == = ]]; then
		word=
	elif [[ $before == = && $COMP_CWORD -gt 1 ]]; then
		before=${COMP_WORDS[COMP_CWORD - 2]}
	fi

	case $before in
	-m | --machine)
		_kmemlab_from "$_kmemlab_machines" "$word" '!*.ini'
		return
		;;
	--glyphs)
		_kmemlab_from 'utf8 lines ascii' "$word"
		return
		;;
	-s | --set)
		_kmemlab_from "$_kmemlab_settings" "$word"
		compopt -o nospace
		return
		;;
	--seed)
		return
		;;
	esac
	if [[ $word == -* ]]; then
		_kmemlab_from "$_kmemlab_options" "$word"
		return
	fi

	# The first word that is neither an option nor the value of one says what is done with the files.
	for ((i = 1; i < COMP_CWORD; i++)); do
		case ${COMP_WORDS[i]} in
		-m | -s) ((i++)) ;;
		-*)
			if [[ $_kmemlab_with_value == *" ${COMP_WORDS[i]} "* ]]; then
				((i++))
			fi
			;;
		*)
			mode=${COMP_WORDS[i]}
			break
			;;
		esac
	done
	case $mode in
	'') _kmemlab_from "$_kmemlab_modes$_kmemlab_lessons" "$word" '!*.kmem' ;;
	verify) _kmemlab_from '' "$word" '!*.rec?(.gz)' ;;
	run | check) _kmemlab_from "$_kmemlab_lessons" "$word" '!*.kmem' ;;
	esac
}

# _kmemlab_from WORDS WORD [FILTER]: words of the list, and with a filter files and folders.
_kmemlab_from()
{
	local line
	while read -r line; do
		COMPREPLY+=("$line")
	done < <(
		shopt -s extglob
		compgen -W "$1" -- "$2"
		if [[ $# -gt 2 ]]; then
			compgen -f -X "$3" -- "$2"
			compgen -d -- "$2"
		fi
	)
}

complete -o filenames -F _kmemlab kmemlab
