// The form for a new address is open when a new address is chosen. Without this script it opens by hand.
(() => {
  const box = document.querySelector('details.new-address');
  for (const radio of document.querySelectorAll('input[name=address_id][type=radio]')) {
    radio.addEventListener('change', () => { box.open = radio.value === 'new' && radio.checked; });
  }
})();
