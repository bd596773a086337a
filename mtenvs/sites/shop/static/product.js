// Tabs of the product page, and what the chosen options change. Without this script all tabs are open and the form works as it is.
(() => {
  const tabs = [...document.querySelectorAll('[role=tab]')];
  const open = (name, scroll) => {
    for (const tab of tabs) {
      const mine = tab.getAttribute('aria-controls') === name;
      tab.setAttribute('aria-selected', String(mine));
      document.getElementById(tab.getAttribute('aria-controls')).hidden = !mine;
    }
    if (scroll) document.getElementById(scroll)?.scrollIntoView();
  };
  const wanted = () => {
    const hash = location.hash.slice(1);
    if (hash === 'reviews' || hash === 'review-form') open('reviews', hash);
    else open(document.querySelector('#reviews [aria-invalid], #reviews #rating-error') ? 'reviews' : 'description');
  };
  for (const link of [...tabs, ...document.querySelectorAll('[data-tab]')]) {
    link.addEventListener('click', (event) => {
      event.preventDefault();
      const hash = link.getAttribute('href').slice(1);
      history.replaceState(null, '', '#' + hash);
      open(link.dataset.tab || hash, link.dataset.tab ? hash : '');
    });
  }
  addEventListener('hashchange', wanted);
  if (tabs.length) wanted();

  const data = document.getElementById('variants');
  if (!data) return;
  const variants = JSON.parse(data.textContent);
  const selects = [...document.querySelectorAll('.super-attribute-select')];
  const box = document.querySelector('.product-info-price .price-wrapper');
  const show = () => {
    const choice = Object.fromEntries(selects.filter((s) => s.value).map((s) => [s.dataset.code, s.value]));
    const fit = variants.filter((v) => Object.entries(choice).every(([code, value]) => v.choice[code] === value));
    if (!fit.length) return;
    const cents = Math.min(...fit.map((v) => v.price));
    box.dataset.priceAmount = (cents / 100).toFixed(2);
    box.firstElementChild.textContent = '$' + (cents / 100).toLocaleString('en-US', {minimumFractionDigits: 2});
    const picture = (fit.find((v) => v.picture) || {}).picture;
    if (picture && choice.color) document.getElementById('main-picture').src = '/media/catalog/product/' + picture + '.jpg';
  };
  selects.forEach((s) => s.addEventListener('change', show));
})();
